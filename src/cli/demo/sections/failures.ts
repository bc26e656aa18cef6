// Section 9: handlers that throw, hang, and fail now and then; and one that refuses on purpose.
import type { Outcome } from "../../../index.ts";
import { formatDuration } from "../../../kernel/duration.ts";
import { showCalls } from "../call-table.ts";
import { isCode, PEOPLE, type Section, type Stage } from "../section.ts";
import { SECRET } from "../tools/misbehaving.ts";

const FLAKY_CALLS = 6;

export async function showFailures({ registry }: Stage): Promise<Section> {
  const call = (ref: string, input: unknown = {}): Promise<Outcome> =>
    registry.execute(ref, input, { principal: PEOPLE.user });
  const crash = await call("demo.crash");
  const hang = await call("demo.hang");
  const refusal = await call("weather.climate", { city: "Pariss", month: 7 });
  const flaky: Outcome[] = [];
  for (let count = 0; count < FLAKY_CALLS; count++) flaky.push(await call("demo.flaky"));
  return {
    title: "When handlers fail",
    explanation:
      "A handler's exception is masked, because its message may hold a secret; only a ToolError, thrown on purpose, reaches the model. " +
      "Every call has a deadline, also when the handler does not listen to its signal. Failures are values, nothing is thrown at the caller.",
    data: { crash, hang, refusal, flaky },
    claims: [
      {
        text: "demo.crash threw a message with a password in it; nothing of it is in the outcome.",
        holds: isCode(crash, "TOOL_FAILED") && !JSON.stringify(crash).includes("hunter2") && SECRET.includes("hunter2"),
      },
      {
        text: `demo.hang never answers and ignores its signal; the caller got TIMEOUT after ${formatDuration(hang.meta.durationMs)}, its deadline is 250ms.`,
        // Timers of a busy process are off by some milliseconds, in both directions.
        holds: isCode(hang, "TIMEOUT") && hang.meta.durationMs > 150 && hang.meta.durationMs < 5_000,
      },
      {
        text: "weather.climate refused on purpose, with a message from which the call can be repaired.",
        holds:
          !refusal.ok &&
          refusal.error.code === "TOOL_ERROR" &&
          refusal.error.toolCode === "UNKNOWN_CITY" &&
          refusal.error.message.includes("Paris?"),
      },
      {
        text: `Of ${FLAKY_CALLS} calls, demo.flaky failed exactly the third and the sixth.`,
        holds: flaky.every((outcome, index) => outcome.ok === ((index + 1) % 3 !== 0)),
      },
    ],
    show: (output) => {
      showCalls(output, [
        ["demo.crash", crash],
        ["demo.hang", hang],
        ["weather.climate", refusal],
        ...flaky.map((outcome, index) => [`demo.flaky #${index + 1}`, outcome] as const),
      ]);
    },
  };
}
