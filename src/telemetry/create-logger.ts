import { type DestinationStream, type Logger, pino } from "pino";
import { known } from "../core/known.js";
import { factOf, messageOf } from "../core/thrown.js";

export type { Logger };

/** How far down the reasons of an error are told, and how many of those that are gathered in one. */
const DEPTH = 4;
const BREADTH = 5;

/** JSON lines on stdout. Tokens and secrets are cut out wherever they might slip in. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
	return pino(
		{
			level,
			base: { service: "recovery-control" },
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
			redact: {
				paths: ["*.authorization", "*.headers.authorization", "*.clientSecret"],
				censor: "[cut out]",
			},
			serializers: {
				err: (error: unknown) => ({ ...errorFacts(error), ...known({ stack: factOf(error, "stack") }) }),
			},
		},
		destination,
	);
}

/**
 * An error as facts, with its reasons: a failed `fetch` says what went wrong only there. Nothing else of it is
 * told, since the SDKs hang whole requests, with their tokens, on theirs.
 */
function errorFacts(error: unknown, depth = DEPTH): Record<string, unknown> {
	const message = messageOf(error);
	if (factOf(error, "message") === undefined) return { message };
	const { cause, errors } = error as { cause?: unknown; errors?: unknown };
	return known({
		name: factOf(error, "name"),
		message,
		code: factOf(error, "code"),
		errors:
			Array.isArray(errors) && depth > 0
				? errors.slice(0, BREADTH).map((each) => errorFacts(each, depth - 1))
				: undefined,
		cause: cause === undefined || cause === null || depth === 0 ? undefined : errorFacts(cause, depth - 1),
	});
}
