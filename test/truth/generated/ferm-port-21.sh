# needs: ferm
# Port 21 out, everything else logged and rejected.
cat > /etc/ferm/ferm.conf <<'CONF'
@def $INSIDE = eth1;
@def $OUTSIDE = ppp0;
domain ip table filter {
    chain INPUT { policy DROP; mod conntrack ctstate (RELATED ESTABLISHED) ACCEPT; interface lo ACCEPT; interface $INSIDE ACCEPT; }
    chain OUTPUT policy ACCEPT;
    chain FORWARD {
        policy DROP;
        mod conntrack ctstate (RELATED ESTABLISHED) ACCEPT;
        interface $INSIDE outerface $OUTSIDE proto tcp dport ftp ACCEPT;
        jump refuse;
    }
    chain refuse {
        mod limit limit 5/minute LOG log-prefix "refused ";
        proto tcp REJECT reject-with tcp-reset;
        REJECT;
    }
}
CONF
ferm /etc/ferm/ferm.conf
