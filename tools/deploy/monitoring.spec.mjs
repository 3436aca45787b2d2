import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../setup/paths.mjs';

const read = (/** @type {string} */ file) => readFileSync(join(ROOT, file), 'utf8');

const page = read('docs/metrics.md');
/** The metrics of docs/metrics.md, which is compared with the programs, by name with their type and labels. */
const METRICS = new Map(
  [...page.matchAll(/^\| `([a-z0-9_]+)` +\| (\S+) +\| (.*?) *\|/gm)].map(([, name, type, labels]) => [
    name,
    { type, labels: labels.replaceAll('`', '').split(', ').filter(Boolean) },
  ]),
);
/** Those of the process itself, of which the page names some. */
const OF_THE_PROCESS = new Set([...page.matchAll(/`((?:process|nodejs)_[a-z0-9_]+)`/g)].map(([, name]) => name));
/** Labels that Prometheus adds, and that of buckets. */
const ADDED = ['job', 'instance', 'le'];

const dashboard = JSON.parse(read('deploy/grafana/dashboard.json'));
const alerts = parse(read('deploy/prometheus/alerts.yaml'));
const rules = alerts.groups.flatMap((/** @type {any} */ { rules: each }) => each);
const targets = dashboard.panels.flatMap((/** @type {any} */ { targets: each = [] }) =>
  each.flatMap((/** @type {any} */ { expr }) => expr ?? []),
);
const expressions = [...targets, ...rules.map((/** @type {any} */ { expr }) => expr)];

const namesIn = (/** @type {string} */ text) => [...text.matchAll(/\b(?:parley|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name);

/** The metric that a series belongs to; a histogram has three kinds of series. */
function metricOf(/** @type {string} */ name) {
  if (METRICS.has(name) || OF_THE_PROCESS.has(name)) return name;
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  return METRICS.get(base)?.type === 'histogram' ? base : undefined;
}

describe('the dashboard and the alerts', () => {
  it('ask only for metrics that exist', () => {
    expect(METRICS.size).toBeGreaterThan(60);
    const names = [...namesIn(JSON.stringify(dashboard)), ...namesIn(JSON.stringify(alerts))];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => metricOf(name) === undefined)).toEqual([]);
  });

  it.each(expressions)('%s has only labels that its metrics have, and closes what it opens', (expression) => {
    const known = new Set([...namesIn(expression).flatMap((name) => METRICS.get(metricOf(name) ?? '')?.labels ?? []), ...ADDED]);
    const selected = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner]) => [...inner.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)]);
    const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, inner]) => inner.split(/,\s*/));
    const used = [...selected.map(([, label]) => label), ...grouped];
    expect(used.filter((label) => !known.has(label))).toEqual([]);
    for (const [open, close] of ['()', '[]', '{}']) expect(expression.split(open).length).toBe(expression.split(close).length);
  });

  it('use rates of counters, and buckets for percentiles', () => {
    for (const expression of expressions) {
      for (const [, name] of expression.matchAll(/(?:rate|increase)\((\w+)/g)) {
        expect([name, ['counter', 'histogram'].includes(METRICS.get(metricOf(name) ?? '')?.type ?? 'counter')]).toEqual([name, true]);
      }
      if (expression.includes('histogram_quantile')) expect(expression).toMatch(/_bucket/);
    }
  });

  it('show percentiles of each stage, what people perceive, turns, interruptions, vendors, money and one conversation', () => {
    const text = JSON.stringify(dashboard);
    for (const name of [
      'stage_seconds_bucket',
      'perceived_latency_seconds_bucket',
      'turns_total',
      'interruptions_total',
      'vendor_errors_total',
      'model_tokens_total',
    ])
      expect(text).toContain(`parley_${name}`);
    expect(dashboard.panels.some((/** @type {any} */ { type }) => type === 'traces')).toBe(true);
  });

  it('have panels that do not overlap, each with its own number', () => {
    const ids = dashboard.panels.map((/** @type {any} */ { id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap((/** @type {any} */ { gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('tell of each alert in words and how grave it is', () => {
    for (const { alert, annotations, labels } of rules) {
      expect([alert, annotations.summary.length > 20]).toEqual([alert, true]);
      expect(['info', 'warning', 'critical']).toContain(labels.severity);
    }
  });
});
