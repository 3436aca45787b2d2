import { ChangeDetectionStrategy, Component, input, output, signal } from '@angular/core';

/** Deletes something at the second press; leaving the button takes the first one back. */
@Component({
  selector: 'parley-delete-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // In the row of its neighbours, as if it were there itself.
  styles: ':host { display: contents; }',
  template: `
    <button
      type="button"
      class="button small danger"
      [attr.aria-label]="(asked() ? 'Really delete ' : 'Delete ') + what()"
      (click)="press()"
      (blur)="asked.set(false)"
    >
      {{ asked() ? 'Really?' : 'Delete' }}
    </button>
  `,
})
export class DeleteButton {
  /** Title of what is deleted. */
  readonly what = input.required<string>();
  readonly confirmed = output();
  protected readonly asked = signal(false);

  protected press(): void {
    const wasAsked = this.asked();
    this.asked.set(!wasAsked);
    if (wasAsked) this.confirmed.emit();
  }
}
