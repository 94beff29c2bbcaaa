/** Fields that several actions of the wire protocol share. */

import { z } from 'zod';
import { parseEjson } from '../database/document.ts';

/** Queries, orders, projections and updates travel as extended JSON inside a string. */
export const ejson = z.string().transform((text) => parseEjson(text));
export const collectionName = z.string().min(1);
/** The SDKs leave the query out when it is empty. */
export const query = ejson.optional().transform((value) => value ?? {});
export const transactionId = z.string().optional();
