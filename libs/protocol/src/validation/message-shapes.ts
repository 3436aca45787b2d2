import { getMetadataStorage, validateSync } from 'class-validator';
import { MAX_CONTROL_MESSAGE_BYTES } from '../wire/constants';

/** A message that passed every rule, or the error to answer with: its public code and plain words that repeat nothing of what was sent. */
export type Parsed<Message> = { ok: true; message: Message } | { ok: false; code: 'bad_message' | 'unknown_type'; message: string };

/** How messages of one type are read. */
export interface MessageShape<Message> {
  create(): Message & object;
  /** The names of the decorated fields: nothing else is copied from the input, so no name in it can reach a prototype. */
  fields: readonly string[];
}

/** The shapes of all messages of an endpoint, by `type`. */
export type MessageShapes<Message> = ReadonlyMap<string, MessageShape<Message>>;

/** The shape that the decorators of a class describe. */
export function shapeOf<Message extends object>(messageClass: new () => Message): MessageShape<Message> {
  return { create: () => new messageClass(), fields: decoratedFields(messageClass) };
}

/**
 * Parses one JSON text message. Never throws, whatever the text holds. A field that the protocol does not know is ignored, not refused: newer
 * clients may send more. A field that is `null` counts as absent.
 */
export function parseMessage<Message>(text: string, shapes: MessageShapes<Message>): Parsed<Message> {
  const input = parseJson(text);
  if (input === undefined) return bad('the message is not valid JSON');
  if (!isRecord(input)) return bad('the message must be a JSON object');
  const type = ownValue(input, 'type');
  if (typeof type !== 'string') return bad('type must be a text that names the kind of message');
  const shape = shapes.get(type);
  if (!shape) return { ok: false, code: 'unknown_type', message: `type must be one of: ${[...shapes.keys()].join(', ')}` };

  const message = shape.create();
  for (const field of shape.fields) {
    const value = ownValue(input, field);
    // Only audio may be so long, and the rules for other texts are slow with it.
    if (field !== 'data' && typeof value === 'string' && value.length > MAX_CONTROL_MESSAGE_BYTES) return bad(`${field} is too long`);
    if (value !== undefined && value !== null) Object.assign(message, { [field]: value });
  }
  const errors = validateSync(message, { stopAtFirstError: true, validationError: { target: false, value: false } });
  if (errors.length === 0) return { ok: true, message };
  return bad(errors.flatMap(({ constraints }) => Object.values(constraints ?? {})).join('; '));
}

function decoratedFields(messageClass: new () => object): readonly string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(messageClass, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An inherited name (`constructor`, `__proto__`) is no field of the message. */
export function ownValue(record: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function bad(message: string): { ok: false; code: 'bad_message'; message: string } {
  return { ok: false, code: 'bad_message', message };
}
