// The clip that plays: what its controls show and what they do; sound, loop and speed stay from clip to clip.
import { frameSeconds, stepTime, USUAL_FRAME_SECONDS } from './clip';

export class Player {
  playing = $state(false);
  now = $state(0);
  duration = $state(0);
  muted = $state(true);
  loop = $state(true);
  speed = $state(1);
  failed = $state(false);
  frame = USUAL_FRAME_SECONDS;
  #video: HTMLVideoElement | null = null;

  get here(): boolean {
    return this.#video !== null;
  }

  /** `use:player.attach` on the video element; the element itself is never rebuilt by us. */
  attach = (video: HTMLVideoElement): { destroy: () => void } => {
    this.#video = video;
    this.now = 0;
    this.failed = false;
    this.frame = USUAL_FRAME_SECONDS;
    video.playbackRate = this.speed;
    const stop = this.#watch(video);
    return {
      destroy: () => {
        stop();
        video.pause();
        if (this.#video === video) this.#video = null;
        this.playing = false;
      },
    };
  };

  /** Follows frames where the browser says so, so that the time shown is the time seen. */
  #watch(video: HTMLVideoElement): () => void {
    let before = -1;
    let handle = 0;
    const frames = 'requestVideoFrameCallback' in video;
    const seen: VideoFrameRequestCallback = (_now, { mediaTime }) => {
      const length = before >= 0 && !video.seeking ? frameSeconds(before, mediaTime, video.playbackRate) : null;
      if (length !== null) this.frame = length;
      before = mediaTime;
      this.now = video.currentTime;
      handle = video.requestVideoFrameCallback(seen);
    };
    if (frames) handle = video.requestVideoFrameCallback(seen);
    return () => {
      if (frames) video.cancelVideoFrameCallback(handle);
    };
  }

  /** Called on the element's own events. */
  sync(): void {
    const video = this.#video;
    if (!video) return;
    this.playing = !video.paused && !video.ended;
    this.now = video.currentTime;
    if (Number.isFinite(video.duration)) this.duration = video.duration;
  }

  toggle(): void {
    const video = this.#video;
    if (!video) return;
    // Refused only when the page was closed meanwhile or the browser wants a gesture first.
    if (video.paused) video.play().catch(() => this.sync());
    else video.pause();
  }
  seek(seconds: number): void {
    if (!this.#video) return;
    this.#video.currentTime = Math.min(Math.max(0, seconds), this.duration || seconds);
    this.now = this.#video.currentTime;
  }
  step(frames: number): void {
    if (!this.#video) return;
    this.#video.pause();
    this.seek(stepTime(this.#video.currentTime, this.duration, this.frame, frames));
  }
  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.#video) this.#video.playbackRate = speed;
  }
}
