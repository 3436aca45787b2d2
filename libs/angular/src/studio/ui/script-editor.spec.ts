import { TestBed } from '@angular/core/testing';
import { EditorView } from '@codemirror/view';
import { diagnosticCount, forEachDiagnostic } from '@codemirror/lint';
import { ScriptEditor } from './script-editor';

describe('ScriptEditor', () => {
  const written = jest.fn();
  const open = async (text: string) => {
    const fixture = TestBed.createComponent(ScriptEditor);
    fixture.componentRef.setInput('text', text);
    fixture.componentInstance.written.subscribe(written);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const view = EditorView.findFromDOM(element.querySelector<HTMLElement>('.cm-editor') ?? element);
    if (!view) throw new Error('There is no editor.');
    return { fixture, element, view };
  };
  // Nothing has a place on the screen in jsdom.
  beforeAll(() => {
    Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jest.clearAllMocks();
  });

  it('is a named text field with line numbers', async () => {
    const { element } = await open('One\nTwo');
    const field = element.querySelector('[role=textbox]');
    expect([field?.getAttribute('aria-label'), field?.textContent]).toEqual(['Script', 'OneTwo']);
    expect(element.querySelector('.cm-lineNumbers')?.textContent).toContain('2');
  });

  it('reports what is written, and shows what it is given', async () => {
    const { fixture, view } = await open('One');
    view.dispatch({ changes: { from: 3, insert: ' two' } });
    expect(written.mock.calls).toEqual([['One two']]);
    fixture.componentRef.setInput('text', 'Sample');
    await fixture.whenStable();
    expect(view.state.doc.toString()).toBe('Sample');
  });

  it('marks mistakes from their place to the end of the line, also where the line is gone', async () => {
    const { fixture, view } = await open('One\nTwo words');
    fixture.componentRef.setInput('problems', [
      { line: 2, column: 5, message: 'Wrong.' },
      { line: 9, column: 9, message: 'Gone.' },
    ]);
    await fixture.whenStable();
    const marks: [number, number, string][] = [];
    forEachDiagnostic(view.state, ({ message }, from, to) => marks.push([from, to, message]));
    expect(marks).toEqual([
      [8, 13, 'Wrong.'],
      [12, 13, 'Gone.'],
    ]);
    fixture.componentRef.setInput('problems', []);
    await fixture.whenStable();
    expect(diagnosticCount(view.state)).toBe(0);
  });

  it('puts the cursor at a place', async () => {
    const { fixture, view } = await open('One\nTwo');
    fixture.componentInstance.goTo(2, 2);
    expect(view.state.selection.main.head).toBe(5);
  });
});
