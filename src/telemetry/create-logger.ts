import { type Logger, pino } from "pino";

export type { Logger };

/** JSON lines on stdout. Tokens and secrets are cut out wherever they might slip in. */
export function createLogger(level: string): Logger {
	return pino({
		level,
		base: { service: "recovery-control" },
		timestamp: pino.stdTimeFunctions.isoTime,
		formatters: { level: (label) => ({ level: label }) },
		redact: { paths: ["*.authorization", "*.headers.authorization", "*.clientSecret"], censor: "[cut out]" },
		serializers: { err: describeError },
	});
}

/** An error as one line of facts: the SDKs hang whole requests, with their tokens, on theirs. */
function describeError(error: unknown): unknown {
	if (!(error instanceof Error)) return { message: String(error) };
	const code = "code" in error ? { code: String(error.code) } : {};
	const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
	return { name: error.name, message: error.message, ...code, ...cause, stack: error.stack };
}
