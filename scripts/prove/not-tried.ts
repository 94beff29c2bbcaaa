/** Thrown where nothing could be seen: the message is what the line says. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}
