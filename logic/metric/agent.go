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

// Lengths that are looked at and kept, in bytes: of a user agent, and of the name of a program in it.
const (
	maxAgent     = 512
	maxAgentName = 40
)

// robotWords stand, in lower case, in the user agents of programs that no person looks at: crawlers, libraries, feed
// readers, monitors and browsers without a window.
var robotWords = []string{
	"bot", "crawl", "spider", "slurp", "archiver", "scrapy", "scanner", "fetch", "preview", "facebookexternalhit",
	"curl/", "wget", "libwww", "lwp::", "python-", "python/", "aiohttp", "httpx", "go-http-client", "java/", "okhttp", "ruby", "php/",
	"node-fetch", "axios", "undici", "httpclient", "apachebench", "winhttp",
	"feedburner", "feedly", "feedparser", "feedvalidator", "tiny tiny rss", "newsblur", "universalfeedparser", "simplepie", "magpierss",
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
	a := agent{browser: agentName(parsed.Name), os: agentName(parsed.OS), robot: parsed.Bot || hasRobotWord(text)}
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

// agentName returns a name that an agent gives, unless it is too long or odd to be one.
func agentName(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > maxAgentName || strings.ContainsFunc(name, isOdd) || name == OtherValue {
		return ""
	}
	return name
}
