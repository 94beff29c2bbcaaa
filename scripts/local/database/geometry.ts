/** Points and shapes on the globe, as documents hold them: GeoJSON, positions as longitude and latitude. */

import type { booleanIntersects } from '@turf/boolean-intersects';
import { isDocument, type Document } from './document.ts';

export type Geometry = Extract<Parameters<typeof booleanIntersects>[0], { coordinates: unknown }>;

/** MongoDB's own: https://github.com/mongodb/mongo/blob/master/src/mongo/db/geo/geoconstants.h (read 2026-11-28) */
export const EARTH_RADIUS_METERS = 6_378_100;

export function isGeometry(value: unknown): value is Geometry {
  return isDocument(value) && typeof value['type'] === 'string' && Array.isArray(value['coordinates']);
}

export function toPosition(value: unknown): [number, number] {
  const [longitude, latitude] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof longitude !== 'number' || typeof latitude !== 'number')
    throw new TypeError('a position is an array of a longitude and a latitude');
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90)
    throw new TypeError(`longitude/latitude is out of bounds, lng: ${longitude} lat: ${latitude}`);
  return [longitude, latitude];
}

/** Undefined when the value is no point. */
export function distanceMeters(from: [number, number], value: unknown): number | undefined {
  const coordinates = isDocument(value) && value['type'] === 'Point' ? value['coordinates'] : value;
  if (!isPosition(coordinates)) return undefined;
  return EARTH_RADIUS_METERS * angle(toVector(from), toVector(coordinates));
}

function isPosition(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'number');
}

type Vector = [number, number, number];

function toVector([longitude, latitude]: [number, number]): Vector {
  const [phi, theta] = [(Math.PI / 180) * latitude, (Math.PI / 180) * longitude];
  return [Math.cos(theta) * Math.cos(phi), Math.sin(theta) * Math.cos(phi), Math.sin(phi)];
}

/** By the cross product, which keeps its precision for near points. */
function angle([ax, ay, az]: Vector, [bx, by, bz]: Vector): number {
  const [x, y, z] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  // Not `Math.hypot`: in the last digits MongoDB's distances come from this formula.
  return Math.atan2(Math.sqrt(x * x + y * y + z * z), ax * bx + ay * by + az * bz);
}

/** Fields of a document that hold a point: what a geographic index would be on. */
export function pointFields(document: Document): string[] {
  return Object.keys(document).filter((field) => isGeometry(document[field]));
}
