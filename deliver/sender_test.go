package deliver_test

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"headwater/deliver"
	"headwater/logic/webhook"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func sent(to string) webhook.Message {
	return webhook.Message{
		URL: to, Secrets: []string{"new", "old"}, At: second,
		Delivery: webhook.Delivery{ID: 9, Event: webhook.PostChanged, Attempts: 3, Payload: `{"event":"post.changed"}`},
	}
}

func TestWhatReceiversGet(t *testing.T) {
	got := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := verify(r, "old", second.Time())
		if err != nil {
			t.Error(err)
		}
		got <- strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), r.Header.Get("Headwater-Event"),
			r.Header.Get("Headwater-Delivery"), r.Header.Get("Headwater-Attempt"), string(body)}, "\n")
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	status, err := deliver.New(loopback).Send(t.Context(), sent(server.URL+"/hook?site=1"))
	want := "POST\n/hook?site=1\napplication/json\nHeadwater\npost.changed\nZAAAAAAAAAAJ\n3\n" + `{"event":"post.changed"}`
	if text := <-got; text != want || status != http.StatusAccepted || err != nil {
		t.Errorf("answered %d (%v), got\n%s\nwant\n%s", status, err, text, want)
	}
}

// counted returns a server that counts who connects to it.
func counted(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	connections := &atomic.Int64{}
	server := httptest.NewUnstartedServer(handler)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server, connections
}

// TestNothingConnectsToWhatIsNotAllowed looks from the side of the server: nobody comes.
func TestNothingConnectsToWhatIsNotAllowed(t *testing.T) {
	server, connections := counted(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	elsewhere := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, allowed := range [][]netip.Prefix{nil, elsewhere} {
		for _, scheme := range []string{"http", "https"} {
			for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]"} {
				if _, err := deliver.New(allowed).Send(t.Context(), sent(scheme+"://"+host+":"+port+"/")); err == nil {
					t.Errorf("%s://%s was reached", scheme, host)
				}
			}
		}
	}
	if connections.Load() != 0 {
		t.Errorf("%d connections were made", connections.Load())
	}
	if status, err := deliver.New(loopback).Send(t.Context(), sent("http://localhost:"+port+"/")); err != nil || status != http.StatusOK || connections.Load() != 1 {
		t.Errorf("where it is allowed: %d, %v, %d connections", status, err, connections.Load())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere, connections := counted(t, func(http.ResponseWriter, *http.Request) {})
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	status, err := deliver.New(loopback).Send(t.Context(), sent(server.URL))
	if status != http.StatusTemporaryRedirect || err != nil || connections.Load() != 0 {
		t.Errorf("answered %d (%v), %d connections elsewhere", status, err, connections.Load())
	}
}

func TestAnEnvironmentsProxyIsNotAsked(t *testing.T) {
	proxy, connections := counted(t, func(http.ResponseWriter, *http.Request) {})
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	if _, err := deliver.New(loopback).Send(t.Context(), sent("https://headwater.invalid/")); err == nil || connections.Load() != 0 {
		t.Errorf("%v, %d connections to the proxy", err, connections.Load())
	}
}

func TestCertificatesCount(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = nil
	defer server.Close()
	sender := deliver.New(loopback)
	if _, err := sender.Send(t.Context(), sent(server.URL)); err == nil || !strings.HasPrefix(err.Error(), "The certificate is not valid: ") {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	sender.Trust(roots)
	if status, err := sender.Send(t.Context(), sent(server.URL)); err != nil || status != http.StatusOK {
		t.Errorf("one that is trusted: %d, %v", status, err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    int
		reason  string
	}{
		"a body without an end": {func(w http.ResponseWriter, r *http.Request) {
			for chunk := make([]byte, 1<<16); r.Context().Err() == nil; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, http.StatusOK, ""},
		"headers of a megabyte": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Long", strings.Repeat("a", 1<<20))
		}, 0, "The connection failed before there was an answer."},
		"no answer": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // before that nobody looks whether the sender has gone
			<-r.Context().Done()
		}, 0, "There was no answer within 15 seconds."},
	} {
		server := httptest.NewServer(test.handler)
		sender := deliver.New(loopback)
		if name == "no answer" {
			sender.Wait(50 * time.Millisecond)
		}
		status, err := sender.Send(t.Context(), sent(server.URL))
		if reason := textOf(err); status != test.want || reason != test.reason {
			t.Errorf("%s: %d, %q", name, status, reason)
		}
		server.CloseClientConnections()
		server.Close()
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestReasonsTellNothingOfTheNetworkHere: whoever may type in addresses must not learn from errors what stands where.
func TestReasonsTellNothingOfTheNetworkHere(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	refusing := gone.URL
	gone.Close()
	for address, want := range map[string]string{
		refusing:                   "The connection was refused.",
		"http://10.1.2.3/":         "The host leads to an address that is not reached: it is not public, or is by https alone.",
		"https://169.254.169.254/": "The host leads to an address that is not reached: it is not public, or is by https alone.",
		"https://user\x7f@[::1":    "The address can't be read.",
	} {
		if _, err := deliver.New(loopback).Send(t.Context(), sent(address)); textOf(err) != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	if _, err := deliver.New(nil).Send(t.Context(), sent("https://headwater.invalid/")); err == nil || strings.ContainsAny(err.Error(), "0123456789") {
		t.Errorf("a host that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := deliver.New(loopback).Send(ctx, sent(refusing)); err == nil {
		t.Error("what was cut short had an answer")
	}
}

func TestAddressesAreCheckedWhenTheyAreTypedIn(t *testing.T) {
	closed, open := deliver.New(nil), deliver.New(loopback)
	for address, test := range map[string]struct{ closed, open bool }{
		"https://example.org/hook?token=a": {true, true},
		"https://example.org:8443/":        {true, true},
		"https://198.41.0.4/":              {true, true},
		"https://[2001:500:2::c]/":         {true, true},
		"http://example.org/":              {false, true}, // its name may lead to what is allowed
		"http://builder:8000/":             {false, true},
		"http://127.0.0.1:8000/":           {false, true},
		"https://127.0.0.1/":               {false, true},
		"https://[::1]/":                   {false, true},
		"http://198.41.0.4/":               {false, false},
		"https://10.0.0.1/":                {false, false},
		"https://[::ffff:198.41.0.4]/":     {false, false},
		"https://[fe80::1%25eth0]/":        {false, false},
		"https://ada:secret@example.org/":  {false, false},
		"https://ada@example.org/":         {false, false},
		"https:///hook":                    {false, false},
	} {
		if fault := closed.CheckAddress(address); (fault == nil) != test.closed {
			t.Errorf("%s, where nothing is allowed: %v", address, fault)
		}
		if fault := open.CheckAddress(address); (fault == nil) != test.open {
			t.Errorf("%s, where the machine itself is allowed: %v", address, fault)
		}
	}
}

func TestWhichAddressesArePublic(t *testing.T) {
	for _, address := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1",
		"192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "100:0:0:1::1",
		"2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1",
		"2620:4f:8000::1", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
	} {
		if deliver.IsPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for public", address)
		}
	}
	for _, address := range []string{"8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
		"2001:200::1", "2001:4860:4860::8888", "2003::1", "2a00:1450::1", "3ffe::1", "2620:4f:8001::1"} {
		if !deliver.IsPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is not taken for public", address)
		}
	}
}

func TestTheMachinesOwnAddressesAreNotPublic(t *testing.T) {
	own, err := net.InterfaceAddrs()
	if err != nil || len(own) == 0 {
		t.Fatal("the machine has no address", err)
	}
	for _, address := range own {
		if deliver.IsPublic(netip.MustParsePrefix(address.String()).Addr()) {
			t.Errorf("%s is taken for public", address)
		}
	}
}
