// What each program shares: the lines that it prints.

import { readFileSync } from "node:fs";

export const PREFIX = "As a mock AI assistant, I can only echo your last message: ";

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

/** Says which library the next lines are about, and what is used beside it. */
export function library(name, ...beside) {
  const others = beside.map((other) => `${other} ${versionOf(other)}`).join(", ");
  console.log(`library ${name} ${versionOf(name)} ${others && `(${others})`}`);
}

/** Says what was done and found right. */
export function ok(what) {
  console.log(`ok ${what}`);
}
