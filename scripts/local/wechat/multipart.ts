/** Reads the one file of a multipart/form-data body, as the upload endpoints do. */

export interface FormFile {
  field: string;
  filename: string;
  contentType: string;
  bytes: Buffer;
}

/** Undefined when the body is no such form, is cut off, or holds no file. */
export function readFormFile(contentType: string | undefined, body: Buffer): FormFile | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  // One byte is one character in latin1, so that positions in the text are positions in the body.
  const parts = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
  if (parts.at(-1)?.startsWith('--') !== true) return undefined;
  return parts.map(readPart).find((file) => file !== undefined);
}

function readPart(part: string): FormFile | undefined {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const headers = Buffer.from(part.slice(0, end), 'latin1').toString();
  const names = /content-disposition: *form-data; *name="([^"]*)"; *filename="([^"]*)"/i.exec(headers);
  if (names === null) return undefined;
  return {
    field: names[1] ?? '',
    filename: names[2] ?? '',
    contentType: /content-type: *([^\r\n]+)/i.exec(headers)?.[1] ?? 'application/octet-stream',
    bytes: Buffer.from(part.slice(end + 4), 'latin1'),
  };
}
