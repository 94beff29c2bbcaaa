/** Geographic conditions, as the SDKs' `geoNear`, `geoWithin` and `geoIntersects` send them. */

import { booleanIntersects } from '@turf/boolean-intersects';
import { booleanWithin } from '@turf/boolean-within';
import type * as queryOperators from 'mingo/operators/query';
import { resolve } from 'mingo/util';
import type { Document } from './document.ts';
import { distanceMeters, EARTH_RADIUS_METERS, isGeometry, toPosition, type Geometry } from './geometry.ts';

type Operator = typeof queryOperators.$eq;

/** Unlike in MongoDB the nearest don't come first by themselves here: `select` sorts them. */
export const $nearSphere: Operator = (selector, value) => {
  const near = nearOf(value);
  return (document: Document) => {
    const meters = distanceMeters(near.center, resolve(document, selector));
    return meters !== undefined && meters >= near.min && meters <= near.max;
  };
};

/** `$centerSphere`: a point and a radius in radians. */
export const $geoWithin: Operator = (selector, value) => {
  const { $geometry: geometry, $centerSphere: sphere } = value as Document;
  if (Array.isArray(sphere)) {
    const [center, radians] = [toPosition(sphere[0]), sphere[1] as unknown];
    if (typeof radians !== 'number' || radians < 0)
      throw new TypeError('$centerSphere wants a radius in radians, a number that is not negative');
    return (document: Document) => {
      const meters = distanceMeters(center, resolve(document, selector));
      return meters !== undefined && meters <= radians * EARTH_RADIUS_METERS;
    };
  }
  const area = toGeometry(geometry, '$geoWithin');
  if (!area.type.endsWith('Polygon'))
    throw new TypeError(`$geoWithin not supported with provided geometry: ${area.type}`);
  return onGeometry(selector, (found) => booleanWithin(found, area));
};

export const $geoIntersects: Operator = (selector, value) => {
  const other = toGeometry((value as Document)['$geometry'], '$geoIntersects');
  return onGeometry(selector, (found) => booleanIntersects(found, other));
};

/** Where a query asks for what is near: the field, the point, and the bounds in metres. */
export function nearOf(value: unknown): { center: [number, number]; min: number; max: number } {
  const { $geometry: geometry, $minDistance: min = 0, $maxDistance: max = Infinity } = value as Document;
  const { type, coordinates } = toGeometry(geometry, '$nearSphere');
  if (type !== 'Point') throw new TypeError('$nearSphere wants a Point');
  return { center: toPosition(coordinates), min: Number(min), max: Number(max) };
}

function toGeometry(value: unknown, operator: string): Geometry {
  if (isGeometry(value)) return value;
  throw new TypeError(`${operator} wants a $geometry with a type and coordinates`);
}

function onGeometry(selector: string, meets: (geometry: Geometry) => boolean) {
  return (document: Document): boolean => {
    const value: unknown = resolve(document, selector);
    return isGeometry(value) && meets(value);
  };
}
