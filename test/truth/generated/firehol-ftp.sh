# needs: firehol
# FireHOL's own service "ftp" between two networks.
cat > /etc/firehol/firehol.conf <<'CONF'
version 6
ENABLE_IPV6=0
FIREHOL_CONNTRACK_HELPERS_ASSIGNMENT="firehol"
interface eth1 inside src 10.79.2.0/24
    policy reject
    server ssh accept
interface ppp0 outside
    protection strong
    client all accept
router inside2outside inface eth1 outface ppp0
    route ftp accept
CONF
echo 'START_FIREHOL=YES' > /etc/default/firehol
firehol start
