/** WeChat DevTools uploads the very folders that `npm run deploy` uploads, with the same trigger. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/cloud.ts';

interface Project {
  miniprogramRoot: string;
  cloudfunctionRoot: string;
}

interface Cloudbaserc {
  functionRoot: string;
  functions: { name: string; triggers?: object[] }[];
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;

const folder = join(ROOT, 'examples/devtools');
const project = json(join(folder, 'project.config.json')) as Project;
const { functionRoot, functions } = json(join(ROOT, 'cloudbaserc.json')) as Cloudbaserc;
const uploaded = resolve(folder, project.cloudfunctionRoot);

it('the project names the folder that cloudbaserc.json names, and a mini program to open', () => {
  expect(uploaded).toBe(resolve(ROOT, functionRoot));
  expect(existsSync(join(folder, project.miniprogramRoot, 'app.json'))).toBe(true);
  expect(readdirSync(uploaded).toSorted()).toEqual(functions.map(({ name }) => name).toSorted());
});

it.each(functions)(
  '$name has the trigger of cloudbaserc.json, and nothing to install',
  ({ name, triggers }) => {
    expect(json(join(uploaded, name, 'config.json'))).toEqual({
      permissions: { openapi: [] },
      triggers: triggers ?? [],
    });
    const { dependencies = {} } = json(join(uploaded, name, 'package.json')) as { dependencies?: object };
    expect(dependencies).toEqual({});
  },
);
