// Reads a JSON array of manifests on stdin and checks each against the published schema of its kind. One line per error; exit code 1 if there are any.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = join(process.argv[2], 'node_modules');

// monitoring.coreos.com has its own package.
const packageOf = group => group === 'monitoring.coreos.com' ? join('@kubernetes-models', 'prometheus-operator') : 'kubernetes-models';

let faults = 0;
for (const manifest of JSON.parse(readFileSync(0, 'utf8'))) {
  const [group, version] = manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/') : ['', manifest.apiVersion];
  try {
    const file = join(modules, packageOf(group), group, version, 'index.js');
    if (!existsSync(file)) throw new Error(`there is no ${manifest.apiVersion}`);
    const Kind = (await import(pathToFileURL(file)))[manifest.kind];
    if (!Kind) throw new Error(`there is no kind ${manifest.kind} in ${manifest.apiVersion}`);
    new Kind(manifest).validate();
  } catch (fault) {
    faults++;
    console.log(`${manifest.kind} ${manifest.metadata && manifest.metadata.name}: ${fault.message.replace(/\s+/g, ' ')}`);
  }
}
process.exit(faults ? 1 : 0);
