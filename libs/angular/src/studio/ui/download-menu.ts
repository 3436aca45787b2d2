import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A file that may be downloaded. */
export interface DownloadFile {
  readonly label: string;
  readonly url: string;
  readonly name: string;
}

/** The files of an episode. */
@Component({
  selector: 'parley-download-menu',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './download-menu.css',
  template: `
    <details class="menu" data-testid="downloads">
      <summary class="button">Download</summary>
      <ul>
        @for (file of files(); track file.url) {
          <li>
            <a [href]="file.url" [attr.download]="file.name">{{ file.label }}</a>
          </li>
        }
      </ul>
    </details>
  `,
})
export class DownloadMenu {
  readonly files = input.required<readonly DownloadFile[]>();
}
