import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MAX_TEXT_LENGTH } from '@parley/protocol';

/** Typed input: Enter or the button sends. */
@Component({
  selector: 'parley-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './composer.css',
  template: `
    <form class="composer" (submit)="submit($event, box)">
      <label class="visually-hidden" for="composer-text">Your message</label>
      <input
        #box
        id="composer-text"
        data-testid="text-input"
        type="text"
        autocomplete="off"
        enterkeyhint="send"
        [maxLength]="maxLength"
        [placeholder]="placeholder()"
        [disabled]="disabled()"
      />
      <button type="submit" class="button" data-testid="send" [disabled]="disabled()">Send</button>
    </form>
  `,
})
export class Composer {
  readonly disabled = input(false);
  readonly placeholder = input('Type a message');
  /** A message, trimmed, never empty. */
  readonly sent = output<string>();

  protected readonly maxLength = MAX_TEXT_LENGTH;

  protected submit(event: Event, box: HTMLInputElement): void {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = '';
    this.sent.emit(text);
  }
}
