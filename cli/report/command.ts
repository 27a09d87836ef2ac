/** stub until written */
export async function reportCommand(_words: readonly string[]): Promise<void> {}
