import { statSync } from 'node:fs';
import { ValidateBy } from 'class-validator';

const isFolder = (path: unknown): boolean => typeof path === 'string' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Checks that a value is the path of an existing folder. The message does not contain the value. */
export const IsFolder = (): PropertyDecorator =>
  ValidateBy({ name: 'isFolder', validator: { validate: isFolder, defaultMessage: () => '$property must be an existing folder' } });
