/** What a file operation gives, or `undefined` if there is no such file. Other errors are thrown. */
export async function orUndefinedIfAbsent<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
