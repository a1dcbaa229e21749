// Checks Dockerfiles: one line per error, with its line number; exit code 1 if there are any.
'use strict';
const fs = require('fs');
const path = require('path');
const { validate } = require(require.resolve('dockerfile-utils', { paths: [path.join(process.argv[2], 'node_modules')] }));
let faults = 0;
for (const file of process.argv.slice(3)) {
  for (const fault of validate(fs.readFileSync(file, 'utf8'))) {
    faults++;
    console.log(`${file}:${fault.range.start.line + 1}: ${fault.message}`);
  }
}
process.exit(faults ? 1 : 0);
