"""What must never be asked, for whoever fetches what others name."""

#: Address -> why it is hostile.
HOSTILE_ADDRESSES = {
    "127.0.0.1": "loopback", "127.255.255.254": "loopback", "0.0.0.0": "this host",
    "10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private",
    "192.168.1.1": "private", "169.254.169.254": "metadata of most clouds",
    "169.254.170.2": "metadata of containers, Amazon", "169.254.0.1": "link-local",
    "100.64.0.1": "carriers", "100.100.100.200": "metadata, Alibaba",
    "168.63.129.16": "platform, Azure", "192.0.0.192": "metadata, Oracle",
    "192.0.2.1": "documentation", "198.18.0.1": "benchmarks", "203.0.113.1": "documentation",
    "192.88.99.1": "6to4 relay", "224.0.0.1": "multicast", "239.255.255.250": "multicast",
    "240.0.0.1": "reserved", "255.255.255.255": "broadcast",
    "::": "unspecified", "::1": "loopback", "fe80::1": "link-local", "fe80::1%eth0": "with a zone",
    "fc00::1": "private", "fd00:ec2::254": "metadata, Amazon",
    "fd20:ce::254": "metadata, Google", "fe80::a9fe:a9fe": "metadata, OpenStack",
    "fec0::1": "site-local", "ff02::1": "multicast",
    "::ffff:127.0.0.1": "mapped", "::ffff:7f00:1": "mapped", "::ffff:8.8.8.8": "mapped",
    "::ffff:169.254.169.254": "mapped", "::127.0.0.1": "compatible", "::8.8.8.8": "compatible",
    "2002:7f00:1::": "6to4", "2002:808:808::": "6to4", "64:ff9b::7f00:1": "NAT64",
    "64:ff9b::a83f:8110": "NAT64, platform of Azure", "64:ff9b:1::1": "local NAT64",
    "2001::1": "Teredo", "2001:0:0:0:0:0:f5ff:fffe": "Teredo", "2001:20::1": "ORCHID",
    "2001:db8::1": "documentation", "3fff::1": "documentation", "100::1": "discard",
    "": "nothing", "example.com": "no address", "0x7f000001": "no address", "127.1": "no address",
}  # fmt: skip
PUBLIC_ADDRESSES = ("8.8.8.8", "1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111",
                    "2a00:1450:4001:80b::200e", "64:ff9b::808:808")  # fmt: skip

HOSTILE_URLS = (
    "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/",
    "http://localhost/", "http://2130706433/", "http://017700000001/", "http://127.1/",
    "http://127.0.0.1./", "http://0x7f.1/", "http://0x7f.0x0.0x0.0x1/", "http://0177.0.0.0x1/",
    "http://localhost./", "http://[64:ff9b::7f00:1]/", "http://[fe80::1%25eth0]/",
    "http://acme.example:8069/", "https://acme.example:80/", "http://acme.example:443/",
    "http://user:password@acme.example/", "http://acme.example@127.0.0.1/", "ftp://acme.example/",
    "file:///etc/passwd", "gopher://acme.example/", "javascript:alert(1)", "data:text/html,x", "",
    "http://", "http:///x", "http://[", "http://acme.example:port/", "//acme.example/", "acme",
    "http://.acme.example/",
)  # fmt: skip
