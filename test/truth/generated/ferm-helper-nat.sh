# needs: ferm
# NAT, and the FTP helper attached by rule.
cat > /etc/ferm/ferm.conf <<'CONF'
domain ip {
    table raw chain PREROUTING interface eth1 proto tcp dport 21 CT helper ftp;
    table nat chain POSTROUTING outerface ppp0 saddr 10.79.2.0/24 SNAT to 198.19.79.3;
    table filter {
        chain INPUT { policy DROP; mod conntrack ctstate (RELATED ESTABLISHED) ACCEPT; interface lo ACCEPT; }
        chain OUTPUT policy ACCEPT;
        chain FORWARD {
            policy DROP;
            mod conntrack ctstate INVALID DROP;
            mod conntrack ctstate ESTABLISHED ACCEPT;
            mod conntrack ctstate RELATED mod helper helper ftp ACCEPT;
            interface eth1 outerface ppp0 proto tcp dport (ftp http https) ACCEPT;
        }
    }
}
CONF
ferm /etc/ferm/ferm.conf
