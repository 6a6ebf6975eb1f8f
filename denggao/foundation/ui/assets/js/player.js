/* A film or recording: goes on where one left off, says what was played, and lets nobody skip where the course says so.
   Without this script the browser's own controls play it. A film in several sizes adapts by itself where the browser can play it so;
   elsewhere data-hls names the script that can, loaded on play. Tells, by events that bubble: dg-playing {playing, at}, dg-watched
   {from, to, at} for each piece played, dg-finished. */

const OFTEN = 5000;
const HLS = "application/vnd.apple.mpegurl";

const clock = (seconds) => {
  const whole = Math.max(Math.floor(seconds || 0), 0);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
};

class Player extends HTMLElement {
  connectedCallback() {
    this.media = this.querySelector("video, audio");
    this.bar = this.querySelector(".dg-vc");
    if (!this.media || !this.bar || this.dataset.on) return;
    this.dataset.on = "yes";
    this.media.removeAttribute("controls");
    this.bar.hidden = false;
    this.seek = this.querySelector(".dg-seek");
    this.message = this.querySelector(".dg-vmsg");
    this.resume = Number(this.dataset.resume) || 0;
    this.noSkip = this.hasAttribute("data-no-skip");
    this.reached = this.resume;
    this.sizes = [...this.media.querySelectorAll("source")].find((source) => source.type === HLS);
    this.parts = [];
    this.from = null;
    this.bind();
  }

  bind() {
    const media = this.media;
    this.querySelector('[data-do="play"]').addEventListener("click", () => this.toggle());
    media.addEventListener("click", () => this.toggle());
    this.querySelector('[data-do="speed"]').addEventListener("change", (event) => (media.defaultPlaybackRate = media.playbackRate = Number(event.target.value)));
    this.querySelector('[data-do="full"]')?.addEventListener("click", () => this.full());
    const subtitles = this.querySelector('[data-do="subtitles"]');
    subtitles?.addEventListener("click", () => {
      const on = subtitles.getAttribute("aria-pressed") !== "true";
      subtitles.setAttribute("aria-pressed", String(on));
      const wanted = document.documentElement.lang.slice(0, 2);
      const tracks = [...media.textTracks];
      const chosen = tracks.find((track) => track.language.startsWith(wanted)) || tracks[0];
      tracks.forEach((track) => (track.mode = on && track === chosen ? "showing" : "disabled"));
    });
    this.seek.addEventListener("input", () => this.go(Number(this.seek.value)));
    media.addEventListener("loadedmetadata", () => this.ready());
    media.addEventListener("timeupdate", () => this.tick());
    media.addEventListener("seeking", () => this.guard());
    media.addEventListener("play", () => this.began());
    for (const name of ["pause", "ended", "waiting"]) media.addEventListener(name, () => this.stopped(name));
    media.addEventListener("playing", () => this.began());
    media.addEventListener("error", (event) => this.failed(event.target), true);
    media.addEventListener("playing", () => this.well());
    window.addEventListener("online", () => this.broken && this.wanted && this.play());
    this.addEventListener("keydown", (event) => {
      if (event.target instanceof HTMLSelectElement || event.target === this.seek) return;
      if (event.key === "k") this.toggle();
      if (event.key === "j") this.go(media.currentTime - 10);
      if (event.key === "l") this.go(media.currentTime + 10);
    });
    document.addEventListener("click", (event) => {
      const place = event.target instanceof Element ? event.target.closest("[data-seek]") : null;
      if (place && place.dataset.seek) {
        this.go(Number(place.dataset.seek));
        this.scrollIntoView({ block: "nearest" });
      }
    });
    /* Before the sitting sends its last beat. */
    window.addEventListener("pagehide", () => this.report(), { capture: true });
    document.addEventListener("visibilitychange", () => this.report(), { capture: true });
    setInterval(() => !this.media.paused && this.report(), OFTEN);
  }

  ready() {
    const { media } = this;
    if (Number.isFinite(media.duration)) {
      this.seek.max = String(Math.floor(media.duration));
      this.querySelector("[data-all]").textContent = clock(media.duration);
    }
    if (this.resume && this.resume < media.duration - 3) {
      media.currentTime = this.resume;
      this.say(this.message.dataset.resumed.replace("%(at)s", clock(this.resume)));
    }
  }

  toggle() {
    const stands = this.broken && this.media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (this.media.paused || stands) {
      this.say("");
      this.play();
    } else {
      this.wanted = false;
      this.media.pause();
    }
  }

  async play() {
    this.wanted = true;
    try {
      await this.fetched();
      await this.media.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.say(this.message.dataset.ready);
      else if (error.name !== "AbortError") this.failed(this.media);
    }
  }

  /* The film is on its way, in the best manner this browser knows. What broke off is asked for again, from the same place. */
  async fetched() {
    const { media } = this;
    if (this.sizes && !media.canPlayType(HLS)) await (this.adapting ||= this.adapt());
    if (this.broken && this.adapted) this.adapted.again();
    else if (media.error || (this.broken && media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE)) {
      this.resume = this.at ?? this.resume;
      media.load();
    }
    this.broken = false;
  }

  async adapt() {
    this.say(this.message.dataset.loading);
    try {
      const { adapt } = await import(this.dataset.hls);
      this.adapted = adapt(this.media, this.sizes.src, this.resume, { waiting: () => this.breaks(), failed: () => this.plain() });
      if (!this.adapted) this.plain();
    } catch (error) {
      this.adapting = null;
      throw error;
    }
    this.say("");
  }

  /* In one size, as every browser can. */
  plain() {
    this.adapted = null;
    this.sizes.remove();
    this.sizes = null;
    this.resume = this.at ?? this.resume;
    this.media.load();
    if (this.wanted) this.media.play().catch(() => {});
  }

  failed(where) {
    const more = where instanceof HTMLSourceElement && where.nextElementSibling instanceof HTMLSourceElement;
    if (!more) this.breaks();
  }

  breaks() {
    this.broken = true;
    this.say(this.message.dataset.broken);
  }

  well() {
    if (this.broken || this.message.textContent === this.message.dataset.broken) this.say("");
    this.broken = false;
  }

  /* Before the film is there, the place is kept for when it is. */
  go(second) {
    const wanted = Math.max(0, second);
    if (this.media.readyState === 0) {
      this.resume = this.noSkip ? Math.min(wanted, this.reached) : wanted;
      this.show(this.resume);
      this.play();
    } else this.media.currentTime = wanted;
  }

  guard() {
    if (this.noSkip && this.media.currentTime > this.reached + 1.5) {
      this.media.currentTime = this.reached;
      this.say(this.message.dataset.skip);
    }
    this.cut();
    if (!this.media.paused) this.from = this.media.currentTime;
  }

  began() {
    this.mark(true);
    this.from = this.media.currentTime;
    this.last = this.from;
    this.report();
  }

  stopped(name) {
    this.tick();
    this.cut();
    if (name !== "waiting") this.mark(false);
    this.report();
  }

  tick() {
    const at = (this.at = this.media.currentTime);
    if (this.from !== null && !this.media.seeking) {
      /* A jump of the clock is no playing. */
      if (at - this.last > 3 * this.media.playbackRate || at < this.last - 0.5) this.cut(this.last);
      this.last = at;
      if (this.from === null) this.from = at;
      if (!this.noSkip || at <= this.reached + 3) this.reached = Math.max(this.reached, at);
    }
    this.show(at);
  }

  cut(end) {
    const stop = end ?? this.last;
    if (this.from !== null && stop > this.from) this.parts.push([Math.round(this.from * 10) / 10, Math.round(stop * 10) / 10]);
    this.from = null;
  }

  /* What was played since the last report. */
  report() {
    /* Not there yet: there is nothing to tell, and the place one left off stays. */
    if (this.media.readyState === 0) return;
    const playing = !this.media.paused && !this.media.ended;
    if (this.from !== null) {
      this.cut();
      if (playing) this.from = this.last;
    }
    const at = Math.round(this.media.currentTime * 10) / 10;
    for (const [from, to] of this.parts.splice(0)) this.tell("dg-watched", { from, to, at: to });
    this.tell("dg-playing", { playing, at });
    if (this.media.ended) this.tell("dg-finished", {});
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  mark(playing) {
    const button = this.querySelector('[data-do="play"]');
    button.querySelector(".p").hidden = playing;
    button.querySelector(".s").hidden = !playing;
    button.setAttribute("aria-label", playing ? button.dataset.pause : button.dataset.play);
  }

  show(at) {
    this.seek.value = String(Math.floor(at));
    this.seek.setAttribute("aria-valuetext", clock(at));
    this.querySelector("[data-now]").textContent = clock(at);
    document.querySelectorAll("input[data-second]").forEach((field) => (field.value = String(Math.floor(at))));
    document.querySelectorAll("textarea[data-at]").forEach((field) => (field.placeholder = field.dataset.at.replace("%(at)s", clock(at))));
  }

  say(text) {
    this.message.textContent = text;
  }

  full() {
    const all = document.fullscreenElement;
    if (all) document.exitFullscreen();
    else if (this.requestFullscreen) this.requestFullscreen();
    else this.media.webkitEnterFullscreen?.();
  }
}
customElements.define("dg-player", Player);
