import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The keys that do something anywhere on the page, and how a script is written. */
@Component({
  selector: 'parley-studio-help',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrls: ['../../ui/fold.css', './studio-help.css'],
  template: `
    <details class="fold" data-testid="help">
      <summary>Keys, and how a script is written</summary>
      <h3>Keys</h3>
      <dl>
        <div>
          <dt><kbd>Ctrl</kbd> <kbd>Enter</kbd></dt>
          <dd>Make the episode</dd>
        </div>
        <div>
          <dt><kbd>Alt</kbd> <kbd>P</kbd></dt>
          <dd>Play or pause</dd>
        </div>
        <div>
          <dt><kbd>Alt</kbd> <kbd>J</kbd>, <kbd>Alt</kbd> <kbd>K</kbd></dt>
          <dd>Five seconds back, on</dd>
        </div>
        <div>
          <dt><kbd>Alt</kbd> <kbd>L</kbd></dt>
          <dd>Listen while I type, or stop that</dd>
        </div>
        <div>
          <dt><kbd>Alt</kbd> <kbd>E</kbd></dt>
          <dd>To the end of the script</dd>
        </div>
        <div>
          <dt><kbd>Tab</kbd></dt>
          <dd>Leaves the script</dd>
        </div>
      </dl>
      <h3>The script</h3>
      <dl>
        <div>
          <dt><code>HOST: Good morning.</code></dt>
          <dd>A speaker begins a line with a name in capitals</dd>
        </div>
        <div>
          <dt><code># Part one</code></dt>
          <dd>A chapter</dd>
        </div>
        <div>
          <dt><code>[pause 1s]</code></dt>
          <dd>Silence</dd>
        </div>
        <div>
          <dt><code>---</code></dt>
          <dd>
            Between two such lines at the top: <code>title: …</code>, <code>language: …</code>, and under <code>pronunciations:</code> lines
            such as <code>nginx: engine x</code>, each indented by two spaces
          </dd>
        </div>
      </dl>
      <p>Plain text and Markdown are understood too: one voice speaks them.</p>
    </details>
  `,
})
export class StudioHelp {}
