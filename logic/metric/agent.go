package metric

import (
	"strings"

	"github.com/mileusna/useragent"
)

// agent is what a user agent says of the reader's device and programs; "" where it says nothing.
type agent struct {
	device, browser, os string
	robot               bool
}

// maxAgent is how much of a user agent is looked at, in bytes.
const maxAgent = 512

// browsers holds the names of browsers that are told apart, by the names that useragent gives; any other is unknown, so that
// nobody makes up names.
var browsers = map[string]string{
	useragent.Chrome: "Chrome", "Chromium": "Chromium", "Ubuntu Chromium": "Chromium",
	useragent.Firefox: "Firefox", useragent.Safari: "Safari", useragent.MobileSafari: "Safari", useragent.Edge: "Edge",
	useragent.InternetExplorer: "Internet Explorer", "Trident": "Internet Explorer",
	useragent.Opera: "Opera", useragent.OperaMini: "Opera Mini", useragent.OperaTouch: "Opera Touch", useragent.Vivaldi: "Vivaldi",
	useragent.SamsungBrowser: "Samsung Browser", "Huawei Browser": "Huawei Browser", "Miui Browser": "Miui Browser",
	"UCBrowser": "UC Browser", "YaBrowser": "Yandex Browser", "Brave": "Brave", "Android browser": "Android Browser",
	useragent.BlackBerry: "BlackBerry", useragent.NetFront: "NetFront", "Konqueror": "Konqueror", "Epiphany": "Epiphany",
	"Midori": "Midori", "SeaMonkey": "SeaMonkey", "Iceweasel": "Firefox", "Lynx": "Lynx", "Links": "Links", "w3m": "w3m",
	useragent.FacebookApp: "Facebook", useragent.InstagramApp: "Instagram", useragent.TiktokApp: "TikTok",
}

// systems does the same for operating systems.
var systems = map[string]string{
	useragent.Windows: "Windows", useragent.WindowsNT: "Windows", useragent.WindowsPhone: "Windows Phone",
	useragent.WindowsPhoneOS: "Windows Phone", useragent.Android: "Android", useragent.MacOS: "macOS", useragent.IOS: "iOS",
	useragent.Linux: "Linux", useragent.FreeBSD: "FreeBSD", "OpenBSD": "OpenBSD", "NetBSD": "NetBSD",
	useragent.ChromeOS: "ChromeOS", useragent.CrOS: "ChromeOS", useragent.BlackBerry: "BlackBerry", useragent.Harmony: "HarmonyOS",
}

// robotWords stand, in lower case, in the user agents of programs that no person looks at: crawlers, libraries, feed
// readers, monitors and browsers without a window.
var robotWords = []string{
	"bot", "crawl", "spider", "slurp", "archiver", "scrapy", "scanner", "portscout", "ezooms", "fetch", "preview", "facebookexternalhit",
	"curl/", "wget", "libwww", "lwp::", "python-", "python/", "aiohttp", "httpx", "go-http-client", "java/", "okhttp", "ruby", "php/",
	"node-fetch", "axios", "undici", "httpclient", "apachebench", "winhttp",
	"feed", "subscriber", "rss", "newsblur", "simplepie",
	"monitor", "uptime", "pingdom", "nagios", "check_http", "healthcheck", "statuscake",
	"headless", "phantomjs", "lighthouse", "puppeteer", "playwright", "selenium",
}

// parseAgent reads a user agent. One that is empty, or "-" as logs write it, is a robot's: every browser says what it is.
func parseAgent(text string) agent {
	text = strings.TrimSpace(text)
	if text == "" || text == "-" {
		return agent{robot: true}
	}
	text = strings.ToValidUTF8(text[:min(len(text), maxAgent)], "")
	parsed := useragent.Parse(text)
	a := agent{browser: browsers[parsed.Name], os: systems[parsed.OS], robot: parsed.Bot || hasRobotWord(text)}
	switch {
	case parsed.Tablet:
		a.device = "Tablet"
	case parsed.Mobile:
		a.device = "Mobile"
	case parsed.Desktop:
		a.device = "Desktop"
	}
	return a
}

func hasRobotWord(text string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "cubot", "") // a maker of telephones
	for _, word := range robotWords {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
