package logic

import "net/netip"

// networkBits is how much of an IPv6 address names the network of one customer, who can take any address in it.
const networkBits = 64

// NetworkOf returns what stands for all addresses that one sender can take: an IPv4 address itself, of an IPv6 address the first of
// its network, without a zone. The zero Addr stands for itself.
func NetworkOf(address netip.Addr) netip.Addr {
	address = address.Unmap()
	if !address.Is6() {
		return address
	}
	return netip.PrefixFrom(address, networkBits).Masked().Addr()
}
