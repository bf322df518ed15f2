import type { HttpClient } from "../../src/identity/build-credential.js";

type Request = Parameters<HttpClient["sendRequest"]>[0];
type Response = Awaited<ReturnType<HttpClient["sendRequest"]>>;

/** Stands where the identity library would open a connection, and answers as Entra would. */
export class FakeEntra implements HttpClient {
	/** `hold` grants a token once it is told to. */
	behaviour: "grant" | "refuse" | "trouble" | "throttle" | "hang" | "hold" | { readonly status: number } =
		"grant";
	readonly urls: string[] = [];
	readonly tokenRequests: Record<string, string>[] = [];
	readonly #hanging = new Set<() => void>();
	#granted = 0;

	get hanging(): number {
		return this.#hanging.size;
	}

	releaseAll(): void {
		for (const release of this.#hanging) release();
	}

	/** Answers what is held. */
	grantAll = (): void => {};

	async sendRequest(request: Request): Promise<Response> {
		this.urls.push(request.url);
		if (request.url.includes("openid-configuration")) return this.#json(request, 200, openId(request.url));
		if (request.url.includes("/discovery/instance")) return this.#json(request, 200, instances(request.url));
		if (request.method === "POST") {
			this.tokenRequests.push(Object.fromEntries(new URLSearchParams(String(request.body))));
		}
		if (typeof this.behaviour === "object")
			return this.#json(request, this.behaviour.status, { error: "other", error_description: "Other." });
		switch (this.behaviour) {
			case "hold":
				await new Promise<void>((resolve) => {
					this.grantAll = resolve;
				});
				return this.#grant(request);
			case "hang":
				return this.#hang(request);
			case "refuse":
				return this.#json(request, 401, {
					error: "invalid_client",
					error_description: "AADSTS7000215: Invalid client secret provided.",
				});
			case "trouble":
				return this.#json(request, 503, { error: "temporarily_unavailable", error_description: "Later." });
			case "throttle":
				return this.#json(request, 429, { error: "throttled" }, { "retry-after": "300" });
			case "grant":
				return this.#grant(request);
		}
	}

	#grant(request: Request): Response {
		this.#granted += 1;
		return this.#json(request, 200, {
			token_type: "Bearer",
			access_token: `token-${this.#granted}`,
			expires_in: 3600,
			expires_on: Math.floor(Date.now() / 1000) + 3600,
			resource: "https://graph.microsoft.com",
		});
	}

	#hang(request: Request): Promise<Response> {
		return new Promise((_, reject) => {
			const release = (): void => {
				this.#hanging.delete(release);
				reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
			};
			this.#hanging.add(release);
			if (request.abortSignal?.aborted) release();
			request.abortSignal?.addEventListener("abort", release);
		});
	}

	#json(request: Request, status: number, body: object, headers: Record<string, string> = {}): Response {
		const found = request.headers;
		for (const [name] of found) found.delete(name);
		for (const [name, value] of Object.entries({ "content-type": "application/json", ...headers }))
			found.set(name, value);
		return { request, status, headers: found, bodyAsText: JSON.stringify(body) };
	}
}

function openId(url: string): object {
	const authority = url.replace(/\/v2\.0\/\.well-known.*$/, "");
	return {
		issuer: `${authority}/v2.0`,
		authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
		token_endpoint: `${authority}/oauth2/v2.0/token`,
		jwks_uri: `${authority}/discovery/v2.0/keys`,
	};
}

function instances(url: string): object {
	const host = new URL(url).host;
	return {
		tenant_discovery_endpoint: `https://${host}/common/v2.0/.well-known/openid-configuration`,
		metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
	};
}
