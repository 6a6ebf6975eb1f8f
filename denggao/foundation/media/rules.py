"""Which renditions a film needs, and how its playlists are written (RFC 8216)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FRAGMENT_SECONDS = 6
# What every phone bears: a film below is shown as it came.
_LIGHT_SIDE, _LIGHT_BITS = 480, 1_200_000
_LADDER = ((360, 700), (720, 2200))


@dataclass(frozen=True)
class Rendition:
    """``height`` is the shorter side in pixels, ``kilobits`` the most a second."""

    height: int
    kilobits: int

    def options(self) -> list[str]:
        """ffmpeg's: a fragmented MP4, a key frame at the beginning of each fragment."""
        side = self.height
        scale = rf"scale=if(gt(iw\,ih)\,-2\,{side}):if(gt(iw\,ih)\,{side}\,-2)"
        return [
            *("-map", "0:v:0", "-map", "0:a:0?", "-dn", "-sn", "-map_metadata", "-1"),
            *("-vf", scale, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p"),
            *("-crf", "24", "-maxrate", f"{self.kilobits}k", "-bufsize", f"{self.kilobits * 2}k"),
            *("-force_key_frames", f"expr:gte(t,n_forced*{FRAGMENT_SECONDS})", "-sc_threshold", "0", "-g", "9999"),
            *("-c:a", "aac", "-b:a", "80k", "-ac", "2", "-ar", "44100"),
            *("-movflags", "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets", "-f", "mp4"),
        ]


def renditions_of(facts: Mapping[str, Any], size: int) -> list[Rendition]:
    """From small to large; none for a film that is light and plays everywhere as it is. ``size`` in bytes."""
    side = min(facts["width"], facts["height"])
    seconds = facts.get("seconds") or 0
    plays = facts.get("video") == "h264" and facts.get("audio") in {"aac", "mp3", ""}
    if plays and side <= _LIGHT_SIDE and seconds and size * 8 / seconds <= _LIGHT_BITS:
        return []
    fitting = [Rendition(height, kilobits) for height, kilobits in _LADDER if height <= side]
    if not fitting:
        return [Rendition(side - side % 2, _LADDER[0][1])]
    if len(fitting) == 1 and side >= 480:
        fitting.append(Rendition(side - side % 2, 1500))
    return fitting


@dataclass(frozen=True)
class Variant:
    """One rendition as the playlists speak of it: its own playlist's address, and the facts kept with it."""

    url: str
    width: int
    height: int
    seconds: float
    head: int
    fragments: Sequence[Sequence[Any]]

    def spans(self) -> list[float]:
        """How long each fragment is, in seconds."""
        begins = [float(fragment[2]) for fragment in self.fragments]
        ends = [*begins[1:], max(self.seconds, begins[-1] + 0.1)]
        return [max(end - begin, 0.001) for begin, end in zip(begins, ends, strict=True)]

    def bandwidth(self) -> int:
        """The most bits a second that a fragment asks for."""
        return max(int(fragment[1] * 8 / span) for fragment, span in zip(self.fragments, self.spans(), strict=True))


def master_playlist(variants: Sequence[Variant]) -> str:
    """The larger ones last: a player begins small."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in variants:
        lines.append(f"#EXT-X-STREAM-INF:BANDWIDTH={variant.bandwidth()},RESOLUTION={variant.width}x{variant.height}")
        lines.append(variant.url)
    return "\n".join(lines) + "\n"


def media_playlist(variant: Variant, file_url: str) -> str:
    """The fragments as ranges of one file."""
    spans = variant.spans()
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(int(span + 0.999) for span in spans)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{file_url}",BYTERANGE="{variant.head}@0"',
    ]
    for (start, size, _at), span in zip(variant.fragments, spans, strict=True):
        lines += [f"#EXTINF:{span:.3f},", f"#EXT-X-BYTERANGE:{size}@{start}", file_url]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"
