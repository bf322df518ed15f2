import { type GetTokenOptions, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { endInTime } from "../app/end-in-time.js";
import { messageOf } from "../core/thrown.js";
import { buildCredential, type HttpClient } from "./build-credential.js";
import type { CredentialSettings } from "./credential-settings.js";
import { noteLastStatus } from "./request-bounds.js";
import { TokenProblem } from "./token-problem.js";

/** For one token with everything it takes, and for one HTTP request of that, in milliseconds. */
const TOKEN_MS = 7_000;
const REQUEST_MS = 5_000;
/** A token is handed out until this long before its end, when the identity library would replace it; in milliseconds. */
const LAST_REST_MS = 5 * 60_000;
/** Graph may go on refusing, with every token: then Entra is asked no more often than this. */
const RENEW_INTERVAL_MS = 60_000;

export interface CredentialOptions {
	readonly tokenMs?: number;
	readonly requestMs?: number;
	readonly httpClient?: HttpClient;
	/** Milliseconds since any fixed moment. */
	readonly now?: () => number;
}

/** A credential whose token can be thrown away before it expires. */
export interface RenewableCredential extends TokenCredential {
	/** Forgets `spent`, a token that was refused. True when the next token will be another one. */
	renew(spent: string): boolean;
}

/**
 * The bot's one Entra credential, for Graph and for the connector. Tokens are kept until shortly before they
 * expire; the identity library keeps them, too, but searches for them, half a millisecond for every call.
 * `getToken` ends within a bounded time, listens to `abortSignal`, and rejects with a `TokenProblem`. Callers that
 * ask at the same time share one request.
 *
 * @throws when the settings are not usable, for example an authority that is not https
 */
export function createCredential(
	settings: CredentialSettings,
	options: CredentialOptions = {},
): RenewableCredential {
	const { tokenMs = TOKEN_MS, requestMs = REQUEST_MS, now = () => performance.now() } = options;
	const build = (): TokenCredential => buildCredential(settings, requestMs, options.httpClient);
	const flights = new Map<string, Flight>();
	let inner = build();
	/** The newest token per scope that the present `inner` gave. */
	let issued = new Map<string, Token>();
	let renewedAt = Number.NEGATIVE_INFINITY;

	const fly = (scopes: string | string[], key: string): Flight => {
		const credential = inner;
		const token = noteLastStatus(() => credential.getToken(scopes), problemOf).then((answer) => {
			if (!answer) throw new TokenProblem("entra-unavailable", "Entra answered without a token");
			if (credential === inner) issued.set(key, answer);
			return answer;
		});
		const flight = { token };
		const land = (): void => {
			if (flights.get(key) === flight) flights.delete(key);
		};
		token.then(land, land);
		flights.set(key, flight);
		return flight;
	};

	return {
		async getToken(scopes, tokenOptions) {
			const key = String(scopes);
			const kept = issued.get(key);
			if (kept && isFresh(kept) && !tokenOptions?.abortSignal?.aborted) return kept;
			const flight = flights.get(key) ?? fly(scopes, key);
			return endInTime(
				tokenMs,
				() => whileWanted(flight.token, tokenOptions?.abortSignal),
				() => {
					// Whoever asks next starts anew instead of joining a request that is stuck.
					if (flights.get(key) === flight) flights.delete(key);
					return new TokenProblem("entra-unavailable", `no token from Entra within ${tokenMs} ms`);
				},
			);
		},
		renew(spent) {
			// A managed identity's tokens are cached outside this process's reach.
			if (inner instanceof ManagedIdentityCredential) return false;
			if (![...issued.values()].some(({ token }) => token === spent)) return true;
			if (now() - renewedAt < RENEW_INTERVAL_MS) return false;
			renewedAt = now();
			issued = new Map();
			inner = build();
			flights.clear();
			return true;
		},
	};
}

type Token = NonNullable<Awaited<ReturnType<TokenCredential["getToken"]>>>;

interface Flight {
	readonly token: Promise<Token>;
}

/** Not when the library would replace the token, or begin to: a long-lived one is replaced halfway. */
function isFresh({ expiresOnTimestamp, refreshAfterTimestamp }: Token): boolean {
	const now = Date.now();
	return now < expiresOnTimestamp - LAST_REST_MS && now < (refreshAfterTimestamp ?? Number.POSITIVE_INFINITY);
}

/** Waits for `work`, but no longer than whoever set the signal wants to. */
async function whileWanted<T>(work: Promise<T>, signal: GetTokenOptions["abortSignal"]): Promise<T> {
	let leave: () => void = () => {};
	const left = new Promise<never>((_, reject) => {
		leave = () => reject(new TokenProblem("entra-unavailable", "the caller stopped waiting for a token"));
	});
	if (signal?.aborted) leave();
	signal?.addEventListener("abort", leave);
	try {
		return await Promise.race([work, left]);
	} finally {
		signal?.removeEventListener("abort", leave);
	}
}

/**
 * Entra said no when its last answer was a 4xx that is not about load or time. A managed identity's
 * requests cannot be watched, so all its failures are `entra-unavailable`.
 */
function problemOf(cause: unknown, status = 0): TokenProblem {
	const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
	return new TokenProblem(refused ? "entra-refused" : "entra-unavailable", messageOf(cause), { cause });
}
