import { type DestinationStream, type Logger, pino } from "pino";

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
				err: (error: unknown) => {
					const stack = field(error, "stack");
					return { ...describeError(error), ...(stack === undefined ? {} : { stack }) };
				},
			},
		},
		destination,
	);
}

/**
 * An error as facts, with its reasons: a failed `fetch` says what went wrong only there. Nothing else of it is
 * told, since the SDKs hang whole requests, with their tokens, on theirs. Some libraries hand on errors as
 * plain copies, which have no prototype to know them by.
 */
function describeError(error: unknown, depth = DEPTH): Record<string, unknown> {
	const message = field(error, "message");
	if (message === undefined) return { message: inWords(error) };
	const { cause, errors } = error as { cause?: unknown; errors?: unknown };
	const name = field(error, "name");
	const code = field(error, "code");
	return {
		...(name === undefined ? {} : { name }),
		message,
		...(code === undefined ? {} : { code }),
		...(Array.isArray(errors) && depth > 0
			? { errors: errors.slice(0, BREADTH).map((each) => describeError(each, depth - 1)) }
			: {}),
		...(cause === undefined || cause === null || depth === 0
			? {}
			: { cause: describeError(cause, depth - 1) }),
	};
}

function inWords(thrown: unknown): string {
	if (thrown === null || typeof thrown !== "object") return String(thrown);
	return `not an error, but an object with: ${Object.keys(thrown).slice(0, BREADTH).join(", ")}`;
}

function field(error: unknown, key: string): string | undefined {
	if (error === null || typeof error !== "object") return undefined;
	const value = (error as Record<string, unknown>)[key];
	return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
