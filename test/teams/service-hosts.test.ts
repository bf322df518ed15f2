import { describe, expect, it } from "@jest/globals";
import { createServiceHosts, ServiceHostRefused } from "../../src/teams/service-hosts.js";

describe("the hosts a reply may be sent to", () => {
	const hosts = createServiceHosts(["smba.trafficmanager.net", "localhost:5443"]);

	it.each([
		"https://smba.trafficmanager.net/emea/11111111/",
		"https://SMBA.TrafficManager.net",
		"https://localhost:5443/teams",
		"https://smba.trafficmanager.net:443/teams",
		"HTTPS://smba.trafficmanager.net/teams",
	])("include %s", (url) => {
		expect(hosts.allows(url)).toBe(true);
		expect(() => hosts.mustAllow(url)).not.toThrow();
	});

	it.each([
		"http://smba.trafficmanager.net/",
		"http://smba.trafficmanager.net:443/",
		"http://localhost:5443/",
		"ws://smba.trafficmanager.net/",
		"https://evil-smba.trafficmanager.net/",
		"https://sub.smba.trafficmanager.net/",
		"https://smba.trafficmanager.ne/",
		"https://smba.trafficmanager.net./",
		"https://trafficmanager.net/",
		"https://smba.trafficmanager.net.evil.example/",
		"https://evil.example/?smba.trafficmanager.net",
		"https://smba.trafficmanager.net@evil.example/",
		"https://smba.trafficmanager.net:x@evil.example/",
		"https://evil.example/https://smba.trafficmanager.net/",
		"https://evil.example#@smba.trafficmanager.net/",
		"https://evil@smba.trafficmanager.net/",
		"https://smba.trafficmanager.net:8443/",
		"https://localhost/teams",
		"smba.trafficmanager.net",
		"",
	])("do not include %s", (url) => {
		expect(hosts.allows(url)).toBe(false);
		expect(() => hosts.mustAllow(url)).toThrow(ServiceHostRefused);
	});

	it("are none when the list is empty", () => {
		expect(createServiceHosts([]).allows("https://smba.trafficmanager.net/")).toBe(false);
	});

	it.each([
		[
			"https://evil.example:8443/a?b",
			"evil.example:8443 is not in SERVICE_URL_HOSTS; nothing was sent to it",
		],
		["evil", "an unreadable address is not in SERVICE_URL_HOSTS; nothing was sent to it"],
	])("are named to the operator as missing: %s", (url, message) => {
		expect(() => hosts.mustAllow(url)).toThrow(message);
		expect(new ServiceHostRefused("x").code).toBe("service-host-refused");
	});
});
