// Reads the paths of state machines, one a line; writes what asl-validator says of each that it does not take.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const validator = createRequire(import.meta.url)("asl-validator");
const told = {};
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  // It changes what it is given, so each machine is parsed for it alone.
  const { isValid, errors } = validator(JSON.parse(readFileSync(path, "utf8")));
  if (!isValid) {
    told[path] = errors.map((error) => `${error["Error code"]} ${error.path ?? ""} ${error.Message ?? JSON.stringify(error)}`);
  }
}
process.stdout.write(JSON.stringify(told));
