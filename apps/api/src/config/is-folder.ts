import { statSync } from 'node:fs';
import { ValidateBy } from 'class-validator';

const isFolder = (path: unknown): boolean => typeof path === 'string' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The path of a folder that is there. Its value is not told. */
export const IsFolder = (): PropertyDecorator =>
  ValidateBy({ name: 'isFolder', validator: { validate: isFolder, defaultMessage: () => '$property must be a folder that is there' } });
