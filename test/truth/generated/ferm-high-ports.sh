# needs: ferm
# Port 21 and all high ports out, without a helper.
cat > /etc/ferm/ferm.conf <<'CONF'
table filter {
    chain INPUT policy ACCEPT;
    chain OUTPUT policy ACCEPT;
    chain FORWARD {
        policy DROP;
        mod state state (RELATED ESTABLISHED) ACCEPT;
        interface eth1 outerface ppp0 {
            proto tcp mod multiport destination-ports (21 1024:65535) ACCEPT;
            proto icmp ACCEPT;
        }
        outerface eth1 mod comment comment "nobody calls inside" DROP;
    }
}
CONF
ferm /etc/ferm/ferm.conf
