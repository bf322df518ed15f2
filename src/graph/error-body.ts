import { z } from "zod";

const text = z.string().min(1).optional().catch(undefined);
const inner = z.object({ "request-id": text }).optional().catch(undefined);
const errorBody = z.object({
	error: z.object({ code: text, message: text, innerError: inner, innererror: inner }),
});

/** Longest message kept, in characters. */
const MESSAGE_LIMIT = 300;

export interface ErrorFacts {
	/** For the record only: Graph documents no codes for this service. */
	readonly code?: string;
	readonly message?: string;
	readonly requestId?: string;
}

/**
 * What an error body says, as far as it can be read; an unreadable one says nothing. The inner error
 * comes in two spellings (https://learn.microsoft.com/graph/errors).
 */
export function readErrorBody(body: unknown): ErrorFacts {
	const parsed = errorBody.safeParse(body);
	if (!parsed.success) return {};
	const { code, message, innerError, innererror } = parsed.data.error;
	const requestId = innerError?.["request-id"] ?? innererror?.["request-id"];
	return {
		...(code === undefined ? {} : { code }),
		...(message === undefined ? {} : { message: message.slice(0, MESSAGE_LIMIT) }),
		...(requestId === undefined ? {} : { requestId }),
	};
}
