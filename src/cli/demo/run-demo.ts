// Runs the sections in order, shows each, and counts the claims that do not hold.
import type { Model } from "../../agent/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../output/index.ts";
import type { Session } from "../verb.ts";
import { createDemoApp } from "./demo-app.ts";
import { createDemoRegistry } from "./demo-project.ts";
import type { RunSection, Section } from "./section.ts";
import { showBreaker } from "./sections/breaker.ts";
import { showChatTurn } from "./sections/chat-turn.ts";
import { showEveryModel } from "./sections/every-model.ts";
import { showFailures } from "./sections/failures.ts";
import { showLargeResult } from "./sections/large-result.ts";
import { showMonitoring } from "./sections/monitoring.ts";
import { showOpenAi } from "./sections/openai.ts";
import { showQuota } from "./sections/quota.ts";
import { showRegistration } from "./sections/registration.ts";
import { showRepair } from "./sections/repair.ts";
import { showRepeating } from "./sections/repeating.ts";
import { showRoles } from "./sections/roles.ts";
import { showStandIns } from "./sections/stand-ins.ts";
import { showUnknown } from "./sections/unknown.ts";
import { showVersions } from "./sections/versions.ts";

/** In order; the last one reports on all calls before it. */
const SECTIONS: readonly RunSection[] = [
  showRegistration,
  showOpenAi,
  showEveryModel,
  showRoles,
  showQuota,
  showVersions,
  showChatTurn,
  showRepair,
  showFailures,
  showRepeating,
  showBreaker,
  showStandIns,
  showUnknown,
  showLargeResult,
  showMonitoring,
];

/** Runs the guided example. Resolves to 1 when a claim does not hold. */
export async function runDemo({ io, output }: Session, model: Model, offline: boolean): Promise<ExitCode> {
  const app = createDemoApp(io.clock);
  const registry = await createDemoRegistry(io.clock, app);
  const sections: Section[] = [];
  if (!output.json) greet(output, model);
  for (const run of SECTIONS) {
    const section = await run({ registry, app, model, clock: io.clock, offline });
    sections.push(section);
    if (!output.json) show(output, section, sections.length);
  }
  await registry.close({ graceMs: 0 });
  const claims = sections.flatMap((section) => section.claims);
  const broken = claims.filter(({ holds }) => !holds).length;
  if (output.json) {
    output.data({
      ok: broken === 0,
      sections: sections.map(({ title, explanation, claims: made, data }) => ({
        title,
        explanation,
        claims: made,
        data,
      })),
    });
  } else {
    bidFarewell(output, claims.length, broken);
  }
  return broken === 0 ? EXIT.ok : EXIT.refused;
}

function greet({ line, paragraph, colors }: Output, model: Model): void {
  line(colors.bold("Toolyard, the guided example"));
  paragraph(`Real calls of real tools. The model is ${model.name}. What is marked ✓ was checked in this run.`);
}

function show(output: Output, { title, explanation, claims, show: showData }: Section, number: number): void {
  const { line, paragraph, colors, width } = output;
  line();
  line(colors.bold(colors.cyan(`${number}. ${title}`)));
  line(colors.dim("─".repeat(Math.min(width, 80))));
  paragraph(explanation);
  line();
  showData(output);
  line();
  for (const { text, holds } of claims) {
    const [first = "", ...rest] = output.wrap(text, 2);
    line(`${holds ? colors.green("✓") : colors.red("✗")} ${holds ? first : colors.red(first)}`);
    for (const more of rest) line(`  ${holds ? more : colors.red(more)}`);
  }
}

function bidFarewell({ line, colors }: Output, total: number, broken: number): void {
  line();
  line(
    broken === 0
      ? colors.green(`${total} claims checked, all hold.`)
      : colors.red(`${broken} of ${total} claims do not hold.`),
  );
  line(colors.dim("Next: toolyard demo --interactive"));
}
