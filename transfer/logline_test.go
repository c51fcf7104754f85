package transfer

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"headwater/logic"
)

// noon is 2026-03-04T12:00:00Z.
var noon = logic.MomentOf(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))

var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

func TestParseLogLine(t *testing.T) {
	common := LogLine{Client: "192.0.2.7", At: noon, Method: "GET", Target: "/a", Status: 200}
	combined := common
	combined.Combined, combined.Referrer, combined.UserAgent = true, "https://example.org/", "Tester/1.0 (a b)"
	with := func(l LogLine, change func(*LogLine)) LogLine {
		change(&l)
		return l
	}
	for name, test := range map[string]struct {
		line string
		want LogLine
	}{
		"common":   {`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, common},
		"combined": {`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.org/" "Tester/1.0 (a b)"`, combined},
		"blanks and CR behind": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.org/" "Tester/1.0 (a b)"` + "  \t\r", combined,
		},
		"more fields behind": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.org/" "Tester/1.0 (a b)" "-" 0.004 "x`, combined,
		},
		"a time between size and referrer": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 0.004 "https://example.org/" "Tester/1.0 (a b)"`, combined,
		},
		"no size, referrer, agent": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 - "-" "-"`, with(common, func(l *LogLine) { l.Combined = true }),
		},
		"virtual host and port": {`www.example.org:443 192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, common},
		"chain of proxies":      {`192.0.2.7, 198.51.100.1 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, common},
		"user with a blank":     {`192.0.2.7 - Jane Doe [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, common},
		"host name": {
			`reader.example.net - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.Client = "reader.example.net" }),
		},
		"IPv6": {
			`2001:db8::7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.Client = "2001:db8::7" }),
		},
		"IPv6 in brackets": {
			`[2001:db8::7] - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.Client = "2001:db8::7" }),
		},
		"escaped quotes": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.org/" "say \"hi\" \\ \x41\xc3\xa9"`,
			with(combined, func(l *LogLine) { l.UserAgent = `say "hi" \ Aé` }),
		},
		"quotes not escaped": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a"b" HTTP/1.1" 200 512`,
			with(common, func(l *LogLine) { l.Target = `/a"b"` }),
		},
		"Latin-1": {
			"192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] \"GET /caf\xe9 HTTP/1.1\" 200 512", with(common, func(l *LogLine) { l.Target = "/café" }),
		},
		"Latin-1 in an escape": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /caf\xe9 HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.Target = "/café" }),
		},
		"HTTP/0.9":             {`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a" 200 512`, common},
		"method in lower case": {`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "get /a HTTP/1.1" 200 512`, common},
		"target with a blank": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a b HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.Target = "/a b" }),
		},
		"no request": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "-" 408 -`, with(common, func(l *LogLine) { l.Method, l.Target, l.Status = "", "", 408 }),
		},
		"a TLS greeting": {
			`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "\x16\x03\x01\x02" 400 157`, with(common, func(l *LogLine) { l.Method, l.Target, l.Status = "", "", 400 }),
		},
		"time zone -0700":      {`192.0.2.7 - - [04/Mar/2026:05:00:00 -0700] "GET /a HTTP/1.1" 200 512`, common},
		"time without a zone":  {`192.0.2.7 - - [04/Mar/2026:13:00:00] "GET /a HTTP/1.1" 200 512`, common},
		"ISO 8601":             {`192.0.2.7 - - [2026-03-04T14:00:00+02:00] "GET /a HTTP/1.1" 200 512`, common},
		"ISO 8601, no bracket": {`192.0.2.7 - - 2026-03-04T14:00:00+02:00 "GET /a HTTP/1.1" 200 512`, common},
		"date and time":        {`192.0.2.7 - - [2026-03-04 13:00:00] "GET /a HTTP/1.1" 200 512`, common},
		"UTC by name":          {`192.0.2.7 - - [2026-03-04 12:00:00 UTC] "GET /a HTTP/1.1" 200 512`, common},
		"seconds since 1970":   {`192.0.2.7 - - [1772625600] "GET /a HTTP/1.1" 200 512`, common},
		"with milliseconds": {
			`192.0.2.7 - - [1772625600.250] "GET /a HTTP/1.1" 200 512`, with(common, func(l *LogLine) { l.At += 250 }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseLogLine([]byte(test.line), berlin)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseLogLineSaysWhatIsWrong(t *testing.T) {
	for line, want := range map[string]lineFault{
		" \t":                  faultEmpty,
		"#Fields: date time":   faultComment,
		"hello":                faultTime,
		`{"request":"GET /a"}`: faultTime,
		`[04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1`:                          faultTime,
		`- - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1`:                    faultClient,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000 "GET /a HTTP/1.1" 200 1`:             faultTime,
		`192.0.2.7 - - [31/Feb/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1`:            faultTime,
		`192.0.2.7 - - [04/Mar/2126:12:00:00 +0000] "GET /a HTTP/1.1" 200 1`:            faultTime,
		`192.0.2.7 - - [0] "GET /a HTTP/1.1" 200 1`:                                     faultTime,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] GET /a HTTP/1.1 200 1`:              faultRequest,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1 200 1`:             faultOpenQuote,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" OK 1`:             faultStatus,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1"`:                  faultStatus,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 20`:               faultStatus,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200`:              faultSize,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-`:         faultOpenQuote,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-"`:        faultAgent,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "Teste`: faultOpenQuote,
		`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "a\"`:   faultOpenQuote,
	} {
		if got, err := ParseLogLine([]byte(line), time.UTC); err != want {
			t.Errorf("%s\n\tis %+v, %v; want %v", line, got, err, want)
		}
	}
}

func FuzzParseLogLine(f *testing.F) {
	f.Add([]byte(`192.0.2.7 - - [04/Mar/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.org/" "Tester/1.0"`))
	f.Add([]byte(`[2001:db8::7] - - [1772625600.250] "get http://h/%e9?x" 304 - "\x" "\\"`))
	f.Add([]byte("a, b - - 2026-03-04T14:00:00+02:00 \"\xe9\" - - \"\" \"\""))
	f.Fuzz(func(t *testing.T, line []byte) {
		parsed, err := ParseLogLine(line, berlin)
		if err != nil {
			return
		}
		if parsed.Client == "" || strings.ContainsAny(parsed.Client, " \t") {
			t.Errorf("client %q", parsed.Client)
		}
		if parsed.At < firstStamp || parsed.At >= lastStamp {
			t.Errorf("moment %d", parsed.At)
		}
		page, passed := parsed.PagePath()
		if (page == "") == (passed == "") {
			t.Errorf("page %q, passed %q", page, passed)
		}
		if again := targetPath(page); page != "" && again != page {
			t.Errorf("%q becomes %q the second time", page, again)
		}
	})
}
