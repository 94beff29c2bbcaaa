/** The outside door as its servers need it. */

import { phrases, pick } from '../../command/language.ts';
import { pathStep } from '../../deploy/outside/path.ts';
import { readLiveServers } from '../../deploy/outside/servers.ts';
import { doorSteps, findDoor, removalSteps } from '../../deploy/outside/steps.ts';
import type { Site } from '../../deploy/site.ts';
import type { Step } from '../../deploy/step.ts';

/** All that `npm run deploy` would do about the door, as one step that is not carried out. */
export function outsideDoorStep(site: Site, isComplete: boolean): Step {
  let goal = '';
  return {
    title: 'outside door',
    get goal() {
      return goal;
    },
    async differences() {
      const servers = await readLiveServers(site.environment);
      if (servers.length === 0) {
        goal = pick({
          en: 'no server has a key in force, and none is deployed',
          zh: '没有服务器的密钥有效，也没有部署外部入口',
        });
        const isOurs = (await findDoor(site.environment)) === 'ours';
        return isOurs ? differencesOf(removalSteps(site.environment)) : [];
      }
      const path = pathStep(site.environment);
      const steps = [...(await wantedSteps(site)), path];
      const isLooked = ({ title }: Step): boolean => isComplete || title !== 'outside variables';
      const differences = await differencesOf(steps.filter(isLooked));
      goal = phrases([counted(servers.length), path.goal]);
      return differences;
    },
    apply: () => Promise.reject(new Error('the doctor changes nothing')),
  };
}

function counted(servers: number): string {
  return pick({
    en: servers === 1 ? 'one server has a key' : `${servers} servers have keys`,
    zh: `${servers} 台服务器有密钥`,
  });
}

async function wantedSteps(site: Site): Promise<Step[]> {
  const { wanted, upload } = await site.outside();
  return doorSteps({ ...site, wanted: [wanted], upload });
}

async function differencesOf(steps: readonly Step[]): Promise<string[]> {
  return (await Promise.all(steps.map((step) => step.differences()))).flat();
}
