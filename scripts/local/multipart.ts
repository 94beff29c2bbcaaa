/** Reads a multipart/form-data body: the fields of an SDK's request, the one file of an upload endpoint. */

export interface FormPart {
  field: string;
  /** Undefined for a plain field. */
  filename: string | undefined;
  contentType: string;
  bytes: Buffer;
}

export interface FormFile extends FormPart {
  filename: string;
}

/** Undefined when the body is no such form, or is cut off. */
export function readForm(contentType: string | undefined, body: Buffer): FormPart[] | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  // One byte is one character in latin1, so that positions in the text are positions in the body.
  const parts = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
  if (parts.at(-1)?.startsWith('--') !== true) return undefined;
  return parts.flatMap((part) => readPart(part) ?? []);
}

/** Undefined also when the form holds no file. */
export function readFormFile(contentType: string | undefined, body: Buffer): FormFile | undefined {
  return readForm(contentType, body)?.find((part): part is FormFile => part.filename !== undefined);
}

function readPart(part: string): FormPart | undefined {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const headers = Buffer.from(part.slice(0, end), 'latin1').toString();
  const field = /content-disposition: *form-data; *name="([^"]*)"/i.exec(headers)?.[1];
  if (field === undefined) return undefined;
  return {
    field,
    filename: /content-disposition:[^\r\n]*; *filename="([^"]*)"/i.exec(headers)?.[1],
    contentType: /content-type: *([^\r\n]+)/i.exec(headers)?.[1] ?? 'application/octet-stream',
    bytes: Buffer.from(part.slice(end + 4), 'latin1'),
  };
}
