import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, exportPKCS8, exportSPKI, type JWK, SignJWT } from "jose";
import { signingKeys } from "../signing-keys.js";

export const APP_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
export const ISSUER = "https://api.botframework.com";

/** Publishes keys as the Teams channel does, and signs with them. */
export class FakeChannel {
	/** What the two addresses answer instead, while something is wrong with them. */
	readonly broken: { openid?: Answer; keys?: Answer } = {};
	readonly asked: string[] = [];
	readonly #keys = new Map<string, { readonly key: CryptoKey; readonly spki: string }>();
	#published: JWK[] = [];
	readonly #server: Server;

	constructor() {
		this.#server = createServer((request, response) => {
			const path = request.url ?? "";
			this.asked.push(path);
			const broken = path === "/keys" ? this.broken.keys : this.broken.openid;
			response.writeHead(broken?.status ?? 200, { connection: "close", "content-type": "application/json" });
			const genuine = path === "/keys" ? { keys: this.#published } : { jwks_uri: `${this.origin}/keys` };
			response.end(broken ? broken.body : JSON.stringify(genuine));
		});
	}

	start(): Promise<void> {
		return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
	}

	stop(): Promise<void> {
		return new Promise((resolve) => this.#server.close(() => resolve()));
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	get metadataUrl(): string {
		return `${this.origin}/openid`;
	}

	/** Adds a key and publishes it, unless `more` is undefined. */
	async addKey(kid: string, more: Readonly<Record<string, unknown>> | undefined): Promise<void> {
		const { privateKey, publicKey } = await signingKeys(kid);
		this.#keys.set(kid, { key: privateKey, spki: await exportSPKI(publicKey) });
		if (more !== undefined) this.#published.push({ ...(await exportJWK(publicKey)), kid, ...more });
	}

	withdrawKey(kid: string): void {
		this.#published = this.#published.filter((key) => key.kid !== kid);
	}

	spki(kid: string): string {
		return this.#known(kid).spki;
	}

	privatePem(kid: string): Promise<string> {
		return exportPKCS8(this.#known(kid).key);
	}

	/** A bearer header; `claims` override what a genuine one says. */
	async bearer(
		claims: Readonly<Record<string, unknown>> = {},
		by: { readonly signer?: string; readonly kid?: string | undefined; readonly alg?: string } = {},
	): Promise<string> {
		const { signer = "good", alg = "RS256" } = by;
		const kid = "kid" in by ? by.kid : signer;
		const now = Math.floor(Date.now() / 1_000);
		const token = new SignJWT({ iss: ISSUER, aud: APP_ID, iat: now, exp: now + 600, ...claims });
		token.setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) });
		return `Bearer ${await token.sign(this.#known(signer).key)}`;
	}

	#known(kid: string) {
		const known = this.#keys.get(kid);
		if (!known) throw new Error(`there is no key ${kid}`);
		return known;
	}
}

interface Answer {
	readonly status: number;
	readonly body: string;
}
