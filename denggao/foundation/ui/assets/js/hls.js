/* Films in several sizes, for browsers that can't play them by themselves. Loaded when such a film is played, not before. */
import Hls from "hls.js/light";

const SETTINGS = {
  /* A worker would be a script made on the spot, which no page of ours may run. */
  enableWorker: false,
  capLevelToPlayerSize: true,
  maxBufferLength: 30,
};

/* Plays `address` in `media`, from `second` on. `failed` is called once it can't be played so at all; `waiting` when the line is
   down, and `again()` of what is returned goes on from there. Null where this browser can't. */
export function adapt(media, address, second, { failed, waiting }) {
  if (!Hls.isSupported()) return null;
  const player = new Hls({ ...SETTINGS, startPosition: second || -1 });
  let mended = false;
  const end = () => {
    player.destroy();
    media.removeAttribute("src");
  };
  player.on(Hls.Events.ERROR, (_name, fault) => {
    if (!fault.fatal) return;
    const begun = player.levels.length > 0;
    if (fault.type === Hls.ErrorTypes.NETWORK_ERROR && (begun || !navigator.onLine)) waiting();
    else if (fault.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      player.recoverMediaError();
    } else {
      end();
      failed();
    }
  });
  player.loadSource(address);
  player.attachMedia(media);
  return {
    again() {
      if (player.levels.length) player.startLoad(media.currentTime || -1);
      else player.loadSource(address);
    },
  };
}
