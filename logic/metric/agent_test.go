package metric

import "testing"

func TestParseAgent(t *testing.T) {
	const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	for text, want := range map[string]agent{
		chrome:                    {device: "Desktop", browser: "Chrome", os: "Windows"},
		chrome + " Edg/126.0.0.0": {device: "Desktop", browser: "Edge", os: "Windows"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0":                                                                  {device: "Desktop", browser: "Firefox", os: "Linux"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": {device: "Mobile", browser: "Safari", os: "iOS"},
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":          {device: "Tablet", browser: "Safari", os: "iOS"},
		"Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36":                  {device: "Mobile", browser: "Chrome", os: "Android"},
		"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko":                                                                    {device: "Desktop", browser: "Internet Explorer", os: "Windows"},
		"Made up/1.0": {},
	} {
		if got := parseAgent(text); got != want {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

func TestRobots(t *testing.T) {
	for _, text := range []string{
		"", "-", " ", "curl/8.5.0", "Wget/1.21", "python-requests/2.32", "Go-http-client/2.0", "Googlebot/2.1 (+http://www.google.com/bot.html)",
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Mozilla/5.0 (compatible; Yahoo! Slurp)",
		"Mozilla/5.0 (compatible; Baiduspider/2.0)", "Feedbin - 1 subscribers", "UptimeRobot/2.0", "facebookexternalhit/1.1",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
	} {
		if !parseAgent(text).robot {
			t.Errorf("%q passes for a person", text)
		}
	}
}
