package httpd

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestAddressOf(t *testing.T) {
	t.Parallel()
	local := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	tests := map[string]struct {
		trusted   []netip.Prefix
		from      string
		forwarded []string
		want      string // the zero Addr where empty
	}{
		"no proxy":                         {local, "203.0.113.9:1234", nil, "203.0.113.9"},
		"no setting":                       {nil, "127.0.0.1:1234", []string{"198.51.100.1"}, "127.0.0.1"},
		"a stranger claims":                {local, "203.0.113.9:1234", []string{"198.51.100.1"}, "203.0.113.9"},
		"one proxy":                        {local, "127.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		"one proxy and what a client sent": {local, "127.0.0.1:1234", []string{"192.0.2.66, 198.51.100.1"}, "198.51.100.1"},
		"two proxies":                      {local, "127.0.0.1:1234", []string{"198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
		"two proxies, two headers":         {local, "127.0.0.1:1234", []string{"192.0.2.66,198.51.100.1", "10.1.2.3"}, "198.51.100.1"},
		"proxies alone":                    {local, "127.0.0.1:1234", []string{"10.9.9.9, 10.1.2.3"}, "10.9.9.9"},
		"a proxy that says nothing":        {local, "127.0.0.1:1234", nil, "127.0.0.1"},
		"a proxy that does not know":       {local, "127.0.0.1:1234", []string{"198.51.100.1, unknown"}, "127.0.0.1"},
		"nonsense in front":                {local, "127.0.0.1:1234", []string{"'); drop, 198.51.100.1"}, "198.51.100.1"},
		"with a port":                      {local, "127.0.0.1:1234", []string{"198.51.100.1:5678"}, "198.51.100.1"},
		"IPv6":                             {local, "[fd00::1]:1234", []string{"2001:db8::7"}, "2001:db8::7"},
		"IPv6 with a port":                 {local, "[fd00::1]:1234", []string{"[2001:db8::7]:5678"}, "2001:db8::7"},
		"IPv4 written as IPv6":             {local, "[::ffff:127.0.0.1]:1234", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"no address":                       {local, "@", []string{"198.51.100.1"}, ""},
	}
	for name, test := range tests {
		s := &Server{options: Options{TrustedProxies: test.trusted, Logger: slog.New(slog.DiscardHandler)}}
		got := s.addressOf(&http.Request{RemoteAddr: test.from, Header: http.Header{
			"X-Forwarded-For": test.forwarded, "Forwarded": {"for=192.0.2.1"}, "X-Real-Ip": {"192.0.2.1"},
		}})
		if got.IsValid() != (test.want != "") || got.IsValid() && got.String() != test.want {
			t.Errorf("%s: %v, not %v", name, got, test.want)
		}
	}
}

// TestAProxyThatIsNotTrustedIsToldOnce: without the setting everyone behind a proxy looks like one.
func TestAProxyThatIsNotTrustedIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted []netip.Prefix
		headers []string
		want    int
	}{
		"a proxy that is not trusted": {nil, []string{"X-Forwarded-For", "198.51.100.1"}, 1},
		"a proxy that is":             {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []string{"X-Forwarded-For", "198.51.100.1"}, 0},
		"no proxy":                    {nil, nil, 0},
	} {
		w := newWorld(t, func(s *setup) { s.proxies = test.trusted })
		for range 3 {
			w.post(t, whoBody, test.headers...)
		}
		log := w.log.String()
		if got := strings.Count(log, "--trusted-proxies"); got != test.want || strings.Count(log, "level=WARN") != test.want {
			t.Errorf("%s: told %d times, not %d: %s", name, got, test.want, log)
		}
		if strings.Contains(log, "198.51.100.1") {
			t.Errorf("%s: the log holds an address: %s", name, log)
		}
	}
}
