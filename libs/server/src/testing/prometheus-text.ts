/** One line with a value. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A metric of the text with all of its samples. */
export interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  help: string;
  samples: Sample[];
}

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
/** `Nan` is what the metrics library writes; Prometheus reads it in any case. */
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN|Nan)$/;
const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const SUFFIXES: Partial<Record<MetricFamily['type'], readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** Reads the Prometheus text format 0.0.4. Throws at the first line that does not follow it to the letter, and at what contradicts itself. */
export function parsePrometheusText(text: string): Map<string, MetricFamily> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, MetricFamily>();
  const series = new Set<string>();
  let current: MetricFamily | undefined;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    if (line.startsWith('#')) current = comment(line, current, families);
    else if (current) addSample(line, current, series);
    else throw new Error(`a sample without a type: ${line}`);
  }
  for (const family of families.values()) if (family.type === 'histogram') checkBuckets(family);
  return families;
}

function comment(line: string, current: MetricFamily | undefined, families: Map<string, MetricFamily>): MetricFamily {
  const [, kind, name = '', rest = ''] = COMMENT.exec(line) ?? [];
  if (kind === 'HELP') {
    if (families.has(name)) throw new Error(`a second group of ${name}`);
    const family: MetricFamily = { name, type: 'untyped', help: rest, samples: [] };
    families.set(name, family);
    return family;
  }
  if (kind !== 'TYPE' || current?.name !== name || current.samples.length > 0 || !TYPES.includes(rest))
    throw new Error(`not understood: ${line}`);
  current.type = rest as MetricFamily['type'];
  return current;
}

function addSample(line: string, family: MetricFamily, series: Set<string>): void {
  const [, name = '', labelText, value = ''] = SAMPLE.exec(line) ?? [];
  const isOwn = (SUFFIXES[family.type] ?? ['']).some((suffix) => name === `${family.name}${suffix}`);
  if (!isOwn || !VALUE.test(value)) throw new Error(`not understood in ${family.name}: ${line}`);
  const key = line.slice(0, line.lastIndexOf(' '));
  if (series.has(key)) throw new Error(`twice: ${key}`);
  series.add(key);
  const sample = { name, labels: labelsOf(labelText), value: Number(value.replace('Inf', 'Infinity')) };
  if (family.type === 'counter' && !(sample.value >= 0)) throw new Error(`a counter below 0: ${line}`);
  family.samples.push(sample);
}

function labelsOf(text: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {};
  if (text === undefined) return labels;
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex;
    const [whole, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (whole === undefined || name in labels) throw new Error(`labels are not understood: ${text.slice(at)}`);
    labels[name] = value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
  }
  return labels;
}

/** The buckets of each series grow up to the count. */
function checkBuckets({ name, samples }: MetricFamily): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples.filter((each) => each.name.endsWith('_bucket'))) {
    const { le, ...others } = sample.labels;
    if (le === undefined) throw new Error(`a bucket of ${name} without a bound`);
    const key = JSON.stringify(Object.entries(others).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, buckets] of groups) {
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('Inf', 'Infinity')));
    const isGrowing = buckets.every(
      ({ value }, i) => i === 0 || (value >= (buckets[i - 1]?.value ?? 0) && (bounds[i] ?? NaN) > (bounds[i - 1] ?? NaN)),
    );
    const count = samples.find((each) => each.name.endsWith('_count') && JSON.stringify(Object.entries(each.labels).sort()) === key);
    if (!isGrowing || bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count?.value)
      throw new Error(`the buckets of ${name} are not in order`);
  }
}
