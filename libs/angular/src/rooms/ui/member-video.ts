import { ChangeDetectionStrategy, Component, type ElementRef, effect, input, viewChild } from '@angular/core';
import type { MemberVideo as VideoSource } from '@parley/client/rooms';

/** A camera or a screen. */
@Component({
  selector: 'parley-member-video',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styles: `
    :host,
    video {
      display: block;
      width: 100%;
      height: 100%;
    }

    video {
      object-fit: cover;
    }

    :host(.whole) video {
      object-fit: contain;
    }

    :host(.mirrored) video {
      transform: scaleX(-1);
    }
  `,
  template: '<video #element autoplay playsinline muted [attr.aria-label]="label()"></video>',
  host: { '[class.mirrored]': 'isMirrored()', '[class.whole]': 'isWhole()' },
})
export class MemberVideo {
  readonly source = input.required<VideoSource>();
  readonly label = input.required<string>();
  /** As people see themselves. */
  readonly isMirrored = input(false);
  /** Shows all of it, as one wants a screen; false: fills the place. */
  readonly isWhole = input(false);

  private readonly element = viewChild.required<ElementRef<HTMLVideoElement>>('element');

  constructor() {
    effect((onCleanup) => {
      const source = this.source();
      const { nativeElement } = this.element();
      // An attribute in a template does not silence a video that begins by itself.
      nativeElement.muted = true;
      source.attach(nativeElement);
      onCleanup(() => source.detach(nativeElement));
    });
  }
}
