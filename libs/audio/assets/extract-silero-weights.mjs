/**
 * Takes the 16 kHz weights of the Silero voice activity detector (v6) out of its .onnx file.
 *
 *   npm pack @ricky0123/vad-web@0.0.31 && tar -xzf ricky0123-vad-web-0.0.31.tgz
 *   node extract-silero-weights.mjs package/dist/silero_vad_v6.onnx [silero-vad-v6-16k.bin]
 *
 * The file read must be the one named in NOTICE.md: its SHA-256 is checked. The STFT basis is left out, because it is exactly a
 * Hann-windowed 256-point DFT (checked here as well), which the detector computes with an FFT.
 *
 * Format written (little-endian; read by src/lib/silero/silero-weights.ts):
 *   4 bytes  ASCII "SVW1"
 *   u32      number of tensors
 *   then for each tensor, always at a multiple of four bytes:
 *     u32    length of the name, then the name in ASCII, padded with zero bytes to a multiple of four
 *     u32    number of elements, then the elements as f32, in the order of the original (last dimension runs fastest)
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE_SHA256 = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';
const TENSORS = [
  ...[0, 1, 2, 3].flatMap((layer) => [`encoder.${layer}.reparam_conv.weight`, `encoder.${layer}.reparam_conv.bias`]),
  ...['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => `decoder.rnn.${name}`),
  'decoder.decoder.2.weight',
  'decoder.decoder.2.bias',
];
const STFT_BASIS = 'stft.forward_basis_buffer';
const FLOAT = 1;

/** The fields of one protobuf message: field number -> its values (numbers, or byte views for anything with a length). */
function fieldsOf(bytes) {
  const fields = {};
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const take = (length) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = varint();
    const wireType = key & 7;
    const value = wireType === 0 ? varint() : take(wireType === 2 ? varint() : wireType === 1 ? 8 : 4);
    (fields[key >> 3] ??= []).push(value);
  }
  return fields;
}

const text = (bytes) => Buffer.from(bytes).toString('latin1');

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const NODE_OP_TYPE = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_GRAPH = 6;
const TENSOR_DATA_TYPE = 2;
const TENSOR_NAME = 8;
const TENSOR_RAW_DATA = 9;

const nodesOf = (graph, opType) =>
  fieldsOf(graph)
    [GRAPH_NODE].map(fieldsOf)
    .filter((node) => text(node[NODE_OP_TYPE][0]) === opType);
const attributesOf = (node) => (node[NODE_ATTRIBUTE] ?? []).map(fieldsOf);

/** The named float tensors of the 16 kHz model: the `then` branch of the graph's `If sr == 16000`. */
function tensorsOf(onnx) {
  const [choice] = nodesOf(fieldsOf(onnx)[MODEL_GRAPH][0], 'If');
  const branch = attributesOf(choice).find((attribute) => text(attribute[ATTRIBUTE_NAME][0]) === 'then_branch');
  const tensors = new Map();
  for (const constant of nodesOf(branch[ATTRIBUTE_GRAPH][0], 'Constant')) {
    for (const attribute of attributesOf(constant)) {
      if (!attribute[ATTRIBUTE_TENSOR]) continue;
      const tensor = fieldsOf(attribute[ATTRIBUTE_TENSOR][0]);
      if (!tensor[TENSOR_NAME] || !tensor[TENSOR_RAW_DATA] || tensor[TENSOR_DATA_TYPE][0] !== FLOAT) continue;
      tensors.set(text(tensor[TENSOR_NAME][0]), Buffer.from(tensor[TENSOR_RAW_DATA][0]));
    }
  }
  return tensors;
}

/** Largest difference between the file's STFT basis and a Hann-windowed DFT (129 rows of cosines, then 129 of sines). */
function basisError(raw) {
  const size = 256;
  const bins = size / 2 + 1;
  let worst = 0;
  for (let row = 0; row < 2 * bins; row++) {
    for (let n = 0; n < size; n++) {
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
      const angle = (2 * Math.PI * (row % bins) * n) / size;
      const expected = hann * (row < bins ? Math.cos(angle) : -Math.sin(angle));
      worst = Math.max(worst, Math.abs(raw.readFloatLE((row * size + n) * 4) - expected));
    }
  }
  return worst;
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function encode(tensors) {
  const parts = [Buffer.from('SVW1', 'latin1'), u32(TENSORS.length)];
  for (const name of TENSORS) {
    const raw = tensors.get(name);
    if (!raw) throw new Error(`tensor ${name} is not in the file`);
    parts.push(u32(name.length), Buffer.from(name, 'latin1'), Buffer.alloc(-name.length & 3), u32(raw.length / 4), raw);
  }
  return Buffer.concat(parts);
}

const [source, target = join(dirname(fileURLToPath(import.meta.url)), 'silero-vad-v6-16k.bin')] = process.argv.slice(2);
if (!source) {
  process.stderr.write('usage: node extract-silero-weights.mjs <silero_vad_v6.onnx> [output.bin]\n');
  process.exit(2);
}
const onnx = readFileSync(source);
const sha256 = createHash('sha256').update(onnx).digest('hex');
if (sha256 !== SOURCE_SHA256) throw new Error(`${source} has SHA-256 ${sha256}, expected ${SOURCE_SHA256}`);
const tensors = tensorsOf(onnx);
const error = basisError(tensors.get(STFT_BASIS));
if (error > 1e-6) throw new Error(`the STFT basis is not a Hann-windowed DFT (difference ${error})`);
const container = encode(tensors);
writeFileSync(target, container);
process.stdout.write(`${target}: ${container.length} bytes, ${TENSORS.length} tensors, STFT basis differs by ${error.toExponential(1)}\n`);
