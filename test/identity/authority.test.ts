import { describe, expect, it } from "@jest/globals";
import { chooseAuthority } from "../../src/identity/authority.js";

describe("the authority that is asked for tokens", () => {
	it("is Microsoft's public cloud unless set", () => {
		expect(chooseAuthority()).toEqual({
			authorityHost: "https://login.microsoftonline.com",
			disableInstanceDiscovery: false,
		});
	});

	it.each([
		"login.microsoftonline.com",
		"login.microsoftonline.us",
		"login.chinacloudapi.cn",
		"login.windows.net",
		"login.microsoft.com",
		"sts.windows.net",
		"login.partner.microsoftonline.cn",
		"login.usgovcloudapi.net",
		"login.sovcloud-identity.fr",
		"login.sovcloud-identity.de",
		"login.sovcloud-identity.sg",
		"LOGIN.microsoftonline.com",
	])("is checked with Microsoft when it is %s", (host) => {
		const authorityHost = `https://${host}/`;
		expect(chooseAuthority(authorityHost)).toEqual({ authorityHost, disableInstanceDiscovery: false });
	});

	it.each([
		"entra.test",
		"login.microsoftonline.com.evil.example",
		"evil-login.microsoftonline.com",
		"login.microsoftonline.com:8443",
	])("is not checked with Microsoft when it is %s", (host) => {
		const authorityHost = `https://${host}`;
		expect(chooseAuthority(authorityHost)).toEqual({ authorityHost, disableInstanceDiscovery: true });
	});

	it.each(["http://login.microsoftonline.com", "login.microsoftonline.com", "", "ftp://entra.test"])(
		"must be https: %j",
		(authorityHost) => {
			expect(() => chooseAuthority(authorityHost)).toThrow(
				`AZURE_AUTHORITY_HOST must be an https address: ${authorityHost}`,
			);
		},
	);
});
