import { AsyncLocalStorage } from "node:async_hooks";
import type { TokenCredentialOptions } from "@azure/identity";

type PolicyConfig = NonNullable<TokenCredentialOptions["additionalPolicies"]>[number];

/** What Entra last answered while one token was being fetched. */
interface LastAnswer {
	status?: number;
}

const lastAnswer = new AsyncLocalStorage<LastAnswer>();

/** Runs `work` and tells which HTTP status Entra's last answer had, if there was one. */
export async function noteLastStatus<T>(
	work: () => Promise<T>,
	onFailure: (error: unknown, status: number | undefined) => unknown,
): Promise<T> {
	const answer: LastAnswer = {};
	try {
		return await lastAnswer.run(answer, work);
	} catch (error) {
		throw onFailure(error, answer.status);
	}
}

/**
 * A step of the identity library's HTTP pipeline that ends a request, its repetition and the pause
 * between them after `ms` milliseconds. The library hands no abort signal of ours to its requests
 * (MSAL stands between), and would wait as long as a `Retry-After` says.
 */
export function boundRequests(ms: number): PolicyConfig {
	return {
		position: "perCall",
		policy: {
			name: "boundRequests",
			async sendRequest(request, next) {
				const controller = new AbortController();
				const abort = (): void => controller.abort();
				const timer = setTimeout(abort, ms);
				const outer = request.abortSignal;
				if (outer?.aborted) abort();
				outer?.addEventListener("abort", abort);
				request.abortSignal = controller.signal;
				const answer = lastAnswer.getStore();
				if (answer) delete answer.status;
				try {
					const response = await next(request);
					if (answer) answer.status = response.status;
					return response;
				} finally {
					clearTimeout(timer);
					outer?.removeEventListener("abort", abort);
				}
			},
		},
	};
}
