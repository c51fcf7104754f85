package logic

import (
	"net/netip"
	"testing"
)

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1":              "192.0.2.1",
		"::ffff:192.0.2.1":       "192.0.2.1",
		"2001:db8:1:2::":         "2001:db8:1:2::",
		"2001:db8:1:2:ffff::2":   "2001:db8:1:2::",
		"2001:db8:1:3::2":        "2001:db8:1:3::",
		"fe80::1%eth0":           "fe80::",
		"2001:db8:1:2::1%eth0":   "2001:db8:1:2::",
		"::1":                    "::",
		"::ffff:192.0.2.1%zone1": "192.0.2.1",
	} {
		if got := NetworkOf(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("the network of %s is %s, want %s", address, got, want)
		}
	}
	if got := NetworkOf(netip.Addr{}); got.IsValid() {
		t.Errorf("the network of nowhere is %s", got)
	}
}
