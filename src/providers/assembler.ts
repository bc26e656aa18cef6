// A response put together out of the events of its stream, one provider's rules at a time.

export interface Assembler<Source> {
  /** Takes the next event and gives what the model says in it, "" for nothing. Throws MODEL_FAILED when the API says so. */
  add(event: unknown): string;
  /** The whole response. Throws MODEL_FAILED when the stream has ended before it was whole. */
  end(): Source;
}

/** The response that `events` make; `onText` gets the pieces of what the model says. */
export async function collect<Source>(
  events: AsyncIterable<unknown>,
  assembler: Assembler<Source>,
  onText?: (text: string) => void,
): Promise<Source> {
  for await (const event of events) {
    const text = assembler.add(event);
    if (text !== "") onText?.(text);
  }
  return assembler.end();
}
