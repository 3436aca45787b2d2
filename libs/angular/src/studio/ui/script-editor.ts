import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  effect,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, lineNumbers } from '@codemirror/view';
import type { ScriptProblem } from '@parley/protocol';
import { minimalSetup } from 'codemirror';
import { EDITOR_THEME } from './editor-theme';

/** The script, with line numbers and a mark at each mistake. Tab leaves it, as in any other field. */
@Component({
  selector: 'parley-script-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: './script-editor.css',
  template: '<div #place class="script-editor" data-testid="script-editor"></div>',
})
export class ScriptEditor {
  readonly text = input.required<string>();
  readonly problems = input<readonly ScriptProblem[]>([]);
  readonly label = input('Script');
  /** Id of the element that describes the editor. */
  readonly describedBy = input('');
  readonly written = output<string>();

  private readonly place = viewChild.required<ElementRef<HTMLElement>>('place');
  private view: EditorView | undefined;

  constructor() {
    afterNextRender(() => {
      this.view = this.newView(this.place().nativeElement);
      this.mark(this.problems());
    });
    effect(() => this.replace(this.text()));
    effect(() => this.mark(this.problems()));
    inject(DestroyRef).onDestroy(() => this.view?.destroy());
  }

  /** Puts the cursor at a place of the script; both from 1. */
  goTo(line: number, column: number): void {
    const { view } = this;
    if (!view) return;
    view.dispatch({ selection: { anchor: positionOf(view.state, line, column) }, scrollIntoView: true });
    view.focus();
  }

  private newView(parent: HTMLElement): EditorView {
    return new EditorView({
      parent,
      state: EditorState.create({
        doc: this.text(),
        extensions: [
          minimalSetup,
          lineNumbers(),
          lintGutter(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': this.label(), 'aria-describedby': this.describedBy(), spellcheck: 'true' }),
          EditorView.updateListener.of(({ docChanged, state }) => docChanged && this.written.emit(state.doc.toString())),
          EDITOR_THEME,
        ],
      }),
    });
  }

  /** Another text than the visitor wrote, such as the sample. */
  private replace(text: string): void {
    const { view } = this;
    if (!view || view.state.doc.toString() === text) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  private mark(problems: readonly ScriptProblem[]): void {
    const { view } = this;
    if (!view) return;
    const marks = problems.map(({ line, column, message }): Diagnostic => {
      const from = positionOf(view.state, line, column);
      const end = view.state.doc.lineAt(from).to;
      return { from, to: Math.max(from, end), severity: 'error', message };
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }
}

/** A script may have changed since it was checked: places that are not there any more are at its end. */
function positionOf({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(to, from + Math.max(0, column - 1));
}
