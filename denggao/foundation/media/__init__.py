"""Films, sound and papers made ready to be shown: smaller renditions, a still picture, pictures of pages, subtitles."""
