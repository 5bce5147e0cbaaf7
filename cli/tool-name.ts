import packageJson from '../package.json' with { type: 'json' };

/** As it stands in what this program writes: `intercom-retention 0.1.0`. */
export const toolName = `${packageJson.name} ${packageJson.version}`;
